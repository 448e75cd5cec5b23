import { expect, test } from "vitest";
import type { Board, Caller } from "../../../live/board";
import { atFront, line } from "./line";

function caller(call_id: string, order: readonly [number, number], more: Partial<Caller> = {}): Caller {
  return { call_id, queue: "gas", caller: "", language: "zh", since: "", head_start_s: 0, ringing: [], order, ...more };
}

const board = (...callers: Caller[]) =>
  ({ callers: new Map(callers.map((one) => [one.call_id, one])) }) as unknown as Board;

test("those for whom an agent rings, then the lower order; the second number decides", () => {
  const told = board(
    caller("d", [20, 4]),
    caller("c", [10, 3]),
    caller("b", [10, 2]),
    caller("other", [1, 1], { queue: "water" }),
    caller("a", [99, 9], { ringing: ["1003"] }),
  );
  expect(line(told, "gas").map(({ call_id }) => call_id)).toEqual(["a", "b", "c", "d"]);
  expect(line(told, "none")).toEqual([]);
});

test("a day ahead is the front", () => {
  expect(atFront(caller("a", [0, 0], { head_start_s: 86_400 }))).toBe(true);
  expect(atFront(caller("a", [0, 0], { head_start_s: 240 }))).toBe(false);
});
