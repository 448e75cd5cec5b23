import { expect, test } from "vitest";
import { called } from "./names";

test("who has no name that the reader may know is called by the id", () => {
  const names = { gas: { zh: "燃气", en: "Gas" }, water: { "*": "供水" } };
  expect([called(names, "gas", "en"), called(names, "water", "en"), called(names, "gone", "zh")]).toEqual([
    "Gas",
    "供水",
    "gone",
  ]);
  expect(called(undefined, "gas", "zh")).toBe("gas");
});
