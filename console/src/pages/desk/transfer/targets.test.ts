import { expect, test } from "vitest";
import type { AgentTarget, TargetsOut } from "../../../api/schema";
import { choices, moved } from "./targets";

const agent = (id: string, state: AgentTarget["state"], phone: AgentTarget["phone"]): AgentTarget => ({
  id,
  number: id,
  name: `席位${id}`,
  state,
  phone,
  since: "2025-03-03T09:30:00.000+00:00",
  fits: false,
});

const TARGETS: TargetsOut = {
  calls_out: [],
  queues: [
    {
      id: "greening",
      name: { zh: "绿化", en: "Greening" },
      number: "6001",
      waiting: 2,
      longest_wait_s: 30,
      estimate_s: null,
      ready: 0,
    },
  ],
  agents: [
    agent("1002", "ready", "unreachable"),
    agent("1003", "on-call", "busy"),
    agent("1004", "not-ready", "free"),
    agent("1005", "ready", "free"),
  ],
  departments: [{ id: "gas", name: { zh: "燃气", en: "Gas" }, number: "7001", phone: null }],
  numbers: [{ name: { "*": "公安" }, number: "110" }],
};

const numbers = (typed: string) => choices(TARGETS, typed, "en").map(({ number }) => number);

test("who can answer comes first", () => {
  expect(numbers("")).toEqual(["6001", "1005", "1004", "1003", "1002", "7001", "110"]);
});

test("names and numbers are found by what was typed", () => {
  expect(numbers("green")).toEqual(["6001"]);
  expect(numbers("席位 04")).toEqual(["1004"]);
  expect(numbers("公安")).toEqual(["110"]);
  expect(numbers("xw 05")).toEqual(["1005"]);
  expect(numbers("ga")).toEqual(["7001", "110"]);
  expect(numbers("绿化")).toEqual([]);
  expect(choices(TARGETS, "绿化", "zh").map(({ name }) => name)).toEqual(["绿化"]);
});

test("the arrow keys stay within the list", () => {
  expect(moved(0, "ArrowDown", 3)).toBe(1);
  expect(moved(2, "ArrowDown", 3)).toBe(2);
  expect(moved(0, "ArrowUp", 3)).toBe(0);
  expect(moved(2, "x", 1)).toBe(0);
  expect(moved(0, "ArrowDown", 0)).toBe(0);
});
