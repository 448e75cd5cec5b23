import { expect, test } from "vitest";
import { height, peakOf, verdict } from "./level";

test.each([
  [0, "silent"],
  [0.002, "silent"],
  [0.01, "quiet"],
  [0.2, "good"],
  [0.98, "good"],
  [1, "clipped"],
])("a peak of %d is %s", (peak, expected) => {
  expect(verdict(peak)).toBe(expected);
});

test("the peak of samples is the loudest to either side", () => {
  expect(peakOf(Float32Array.of(0.1, -0.5, 0.25))).toBe(0.5);
  expect(peakOf(Float32Array.of())).toBe(0);
});

test("the meter shows decibels", () => {
  expect([height(0), height(0.0001), height(1), height(2)]).toEqual([0, 0, 1, 1]);
  expect(height(0.1)).toBeCloseTo(2 / 3);
});
