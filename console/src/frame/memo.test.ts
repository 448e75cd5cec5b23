import { expect, test } from "vitest";
import { differ } from "./memo";

test("properties differ when one is another thing, came or went", () => {
  const list = [1];
  expect(differ({ a: list, b: "x" }, { b: "x", a: list })).toBe(false);
  expect(differ({ a: list }, { a: [1] })).toBe(true);
  expect(differ({ a: 1 }, { a: 1, b: undefined })).toBe(true);
  expect(differ({ a: 1, b: 2 }, { a: 1 })).toBe(true);
  expect(differ({ a: 1, b: undefined }, { a: 1, c: undefined })).toBe(true);
});
