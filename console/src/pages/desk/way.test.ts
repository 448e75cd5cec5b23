import { expect, test } from "vitest";
import type { StoryOut } from "../../api/schema";
import { about, calledBack, entered, waited, way } from "./way";

const MAIN = { key: null, menu: "main", name: { zh: "主菜单", en: "Main menu" } };
const WATER = { key: "2", menu: "water", name: { zh: "供水" } };

test("the way has each key with what it meant, in the reader's language if there is one", () => {
  const call = { way: [MAIN, WATER, { key: "1", menu: null, name: { "*": "leak" } }] } as unknown as StoryOut;
  expect(way(call, "zh")).toEqual(["主菜单", "2 供水", "1 leak"]);
  expect(way(call, "en")).toEqual(["Main menu", "2 供水", "1 leak"]);
});

test("what the caller entered last counts, of each input", () => {
  const told = (input: string, digits: string) => ({ kind: "collected", input, name: { en: input }, digits });
  const call = { story: [told("order", "12"), told("phone", "138"), told("order", "34")] } as unknown as StoryOut;
  expect(entered(call)).toEqual([
    { name: { en: "order" }, digits: "34" },
    { name: { en: "phone" }, digits: "138" },
  ]);
  expect(entered({ ...call, story: [] })).toEqual([]);
});

test("an agent who is rung first sees that it is a callback, and what was promised", () => {
  const called = (more: object) => ({ story: [{ kind: "call-out-dialled", ...more }] }) as unknown as StoryOut;
  expect(calledBack(called({ callback: "c1-b", promised: [60, 660] }))?.promised).toEqual([60, 660]);
  expect(calledBack(called({ callback: "c1-b" }))).not.toBeNull();
  expect(calledBack(called({}))).toBeNull();
});

test("the wait ends with the answer", () => {
  const call = { queued: "2025-03-03T09:30:00.000+00:00", answered: null } as unknown as StoryOut;
  const now = Date.parse("2025-03-03T09:30:42.000+00:00");
  expect(waited(call, now)).toBe(42);
  expect(waited({ ...call, answered: "2025-03-03T09:30:12.000+00:00" }, now)).toBe(12);
  expect(waited({ ...call, queued: null }, now)).toBeNull();
});

test("the call about which a colleague asks, through a queue", () => {
  const began = (more: object) => ({ story: [{ kind: "call-started", ...more }] }) as unknown as StoryOut;
  expect(about(began({ about: "c1" }))).toBe("c1");
  expect(about(began({}))).toBeNull();
  expect(about(null)).toBeNull();
});
