import { expect, test } from "vitest";
import type { Agent, Board, Queue } from "../../live/board";
import { ALL, find, skills } from "./filter";
import { columns, fill } from "./fit";
import { next } from "./steps";
import { crewLevel, serviceLevel, waitLevel } from "./thresholds";

test("a wait is judged by the queue's own aim", () => {
  expect([15, 15.1, 45, 45.1].map((seconds) => waitLevel(seconds, 15))).toEqual([0, 1, 1, 2]);
});

test("the service level is judged by its aim, and nothing is judged before the first call", () => {
  expect([null, 80, 79.9, 60, 59.9].map((percent) => serviceLevel(percent, 80))).toEqual([0, 0, 1, 1, 2]);
});

test("a queue in which somebody waits and nobody serves", () => {
  const nobody = { ready: 0, ringing: 0, on_call: 0, wrap_up: 0 };
  expect(crewLevel(0, nobody)).toBe(0);
  expect(crewLevel(1, nobody)).toBe(2);
  expect(crewLevel(1, { ...nobody, wrap_up: 1 })).toBe(1);
  expect(crewLevel(1, { ...nobody, ringing: 1 })).toBe(0);
});

test("tiles are as large as a screen allows", () => {
  expect(columns(8, 1_920, 800)).toBe(4);
  expect(columns(1, 1_920, 800)).toBe(1);
  expect(columns(0, 1_920, 800)).toBe(1);
  expect(columns(50, 1_920, 800)).toBeGreaterThan(8);
  expect(columns(8, 1_080, 1_920)).toBe(2);
});

test("with many queues letters stay large rather than the last hour", () => {
  expect(fill(8, 1_900, 780, 16)).toEqual({ across: 4, unit: 22, lean: false });
  const many = fill(50, 1_900, 780, 16);
  expect([many.across, many.lean]).toEqual([10, true]);
  expect(many.unit).toBeGreaterThanOrEqual(9);
  expect(fill(500, 800, 600, 16).unit).toBe(8);
});

test("arrow keys in a grid of 3 in a row", () => {
  const from = (at: number, key: string) => next(key, at, 8, 3);
  expect([from(0, "ArrowRight"), from(7, "ArrowRight"), from(0, "ArrowLeft")]).toEqual([1, 7, 0]);
  expect([from(1, "ArrowDown"), from(5, "ArrowDown"), from(4, "ArrowUp"), from(2, "ArrowUp")]).toEqual([4, 5, 1, 2]);
  expect([from(4, "Home"), from(4, "End"), from(4, "x")]).toEqual([0, 7, 4]);
});

const agent = (id: string, state: Agent["state"], known: Record<string, number>) =>
  ({ id, state, skills: known }) as unknown as Agent;

const told: Board = {
  at: 0,
  callers: new Map(),
  colleagues: new Map(),
  notice: null,
  hours: new Map(),
  listening: [],
  trial: null,
  queues: new Map([["gas", { id: "gas", needs: [{ gas: 3 }, { general: 2, gas: 1 }] } as unknown as Queue]]),
  agents: new Map(
    [
      agent("1", "ready", { gas: 3 }),
      agent("2", "ready", { gas: 2 }),
      agent("3", "logged-out", { gas: 1, general: 2 }),
      agent("4", "on-call", { water: 5 }),
    ].map((one) => [one.id, one]),
  ),
};

test("agents of a queue are those who could serve it, relaxing included", () => {
  const ids = (filter: Partial<typeof ALL>) =>
    find(told, { ...ALL, ...filter })
      .agents.map(({ id }) => id)
      .join("");
  expect(ids({})).toBe("124");
  expect(ids({ queue: "gas" })).toBe("1");
  expect(ids({ queue: "gas", signedOut: true })).toBe("13");
  expect(ids({ skill: "gas" })).toBe("12");
  expect(ids({ queue: "gas", skill: "general", signedOut: true })).toBe("3");
  expect(ids({ queue: "removed by a reload" })).toBe("124");
  expect(find(told, ALL).signedOut).toBe(1);
  expect(skills(told)).toEqual(["gas", "general", "water"]);
});
