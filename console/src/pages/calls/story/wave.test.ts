import { expect, test } from "vitest";
import { peaks } from "./wave";

test("a part of a wave form is as high as its loudest sample, whichever way it goes", () => {
  expect(peaks(Float32Array.of(0, 0.5, -1, 0.25), 2)).toEqual([0.5, 1]);
});

test("no part is higher than the picture, and there are as many as are asked for", () => {
  expect(peaks(Float32Array.of(2), 1)).toEqual([1]);
  expect(peaks(Float32Array.of(), 3)).toEqual([0, 0, 0]);
});
