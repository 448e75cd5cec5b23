import { expect, test } from "vitest";
import { choices } from "./ends";

test("no choice is longer than the most, and the usual one is there once", () => {
  expect(choices(4, 24)).toEqual([1, 2, 4, 8, 12, 24]);
  expect(choices(3, 6)).toEqual([1, 2, 3, 4]);
  expect(choices(0.5, 0.5)).toEqual([0.5]);
});
