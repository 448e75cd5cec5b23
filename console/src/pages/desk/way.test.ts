import { expect, test } from "vitest";
import type { StoryOut } from "../../api/schema";
import { entered, waited, way } from "./way";

const steps = (...story: object[]) => ({ story }) as unknown as StoryOut;
const menu = (name: string) => ({ kind: "menu-entered", menu: name });
const key = (name: string, menu: string) => ({ kind: "key-pressed", key: name, menu });

test("the way has menus and keys, a menu that is said again once", () => {
  const story = [menu("main"), menu("main"), key("2", "main"), menu("water"), key("1", "water"), { kind: "queued" }];
  expect(way(steps(...story))).toEqual(["main", "2", "water", "1"]);
});

test("a key that leads nowhere, and keys in the queue, are no part of it", () => {
  const story = [menu("main"), key("7", "main"), { kind: "invalid-key" }, menu("main"), key("1", "main")];
  expect(way(steps(...story, { kind: "queued" }, key("0", "")))).toEqual(["main", "1"]);
});

test("what the caller entered last counts, of each input", () => {
  const told = (input: string, digits: string) => ({ kind: "collected", input, name: { en: input }, digits });
  const story = steps(told("order", "12"), told("phone", "138"), told("order", "34"));
  expect(entered(story)).toEqual([
    { name: { en: "order" }, digits: "34" },
    { name: { en: "phone" }, digits: "138" },
  ]);
  expect(entered(steps(menu("main")))).toEqual([]);
});

test("the wait ends with the answer", () => {
  const call = { queued: "2025-03-03T09:30:00.000+00:00", answered: null } as StoryOut;
  const now = Date.parse("2025-03-03T09:30:42.000+00:00");
  expect(waited(call, now)).toBe(42);
  expect(waited({ ...call, answered: "2025-03-03T09:30:12.000+00:00" }, now)).toBe(12);
  expect(waited({ ...call, queued: null }, now)).toBeNull();
});
