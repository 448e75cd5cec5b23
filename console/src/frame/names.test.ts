import { expect, test } from "vitest";
import type { NamesOut } from "../api/schema";
import { called, reasonCalled, skillCalled } from "./names";

test("who has no name that the reader may know is called by the id", () => {
  const names = { gas: { zh: "燃气", en: "Gas" }, water: { "*": "供水" } };
  expect([called(names, "gas", "en"), called(names, "water", "en"), called(names, "gone", "zh")]).toEqual([
    "Gas",
    "供水",
    "gone",
  ]);
  expect(called(undefined, "gas", "zh")).toBe("gas");
});

const NAMES = {
  queues: { gas: { zh: "燃气", en: "Gas" }, water: { zh: "供水", en: "Water" } },
  breaks: { lunch: { zh: "用餐", en: "Lunch" } },
  skills: { gas: { zh: "燃气抢修", en: "Gas repairs" } },
} as unknown as NamesOut;

test("a skill has its own name, else that of its queue, else its id", () => {
  expect(["gas", "water", "driving"].map((skill) => skillCalled(NAMES, skill, "en"))).toEqual([
    "Gas repairs",
    "Water",
    "driving",
  ]);
  expect(skillCalled(null, "gas", "zh")).toBe("gas");
});

test("one of the hotline's reasons is in the reader's language, whoever chose it", () => {
  expect([reasonCalled(NAMES, "用餐", "en"), reasonCalled(NAMES, "Lunch", "zh")]).toEqual(["Lunch", "用餐"]);
  expect([reasonCalled(NAMES, "去取材料", "en"), reasonCalled(null, "Lunch", "zh")]).toEqual(["去取材料", "Lunch"]);
});
