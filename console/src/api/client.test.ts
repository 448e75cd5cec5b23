import { expect, test } from "vitest";
import { address } from "./client";

test("addresses", () => {
  expect(address("/a/{id}/b", { id: "1/0 1" }, { limit: 5 })).toBe("/a/1%2F0%201/b?limit=5");
  expect(address("/a")).toBe("/a");
});
