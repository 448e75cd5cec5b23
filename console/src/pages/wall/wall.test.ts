import { expect, test } from "vitest";
import type { Agent, Board, Queue } from "../../live/board";
import { ALL, find, skills } from "./filter";
import { fill } from "./fit";
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

const SCREEN = { width: 1_900, height: 780, gap: 16, readable: 12, most: 200 };
const DESK = { width: 1_408, height: 400, gap: 8, readable: 12, most: 20 };

test("tiles tell all that can be read, as large as it can be", () => {
  expect(fill(8, SCREEN)).toMatchObject({ across: 4, unit: 21, detail: 3 });
  expect(fill(1, SCREEN)).toMatchObject({ across: 1, detail: 3 });
  expect(fill(0, SCREEN)).toMatchObject({ across: 1 });
  expect(fill(30, SCREEN)).toMatchObject({ detail: 2 });
  expect(fill(8, DESK)).toMatchObject({ across: 4, detail: 2 });
  expect(fill(20, DESK)).toMatchObject({ detail: 1 });
  expect(fill(50, DESK)).toMatchObject({ detail: 0 });
  expect(fill(1, DESK).unit).toBe(20);
});

test("no row of tiles is nearly empty", () => {
  for (let count = 1; count <= 120; count += 1) {
    for (const room of [SCREEN, DESK]) {
      const { across } = fill(count, room);
      expect(2 * (count % across || across), `${count} in ${across}`).toBeGreaterThanOrEqual(across);
    }
  }
});

test("where even the least cannot be read, the room says how high it has to be", () => {
  const low = fill(100, { ...DESK, height: 300 });
  expect([low.detail, low.unit]).toEqual([0, 8]);
  expect(fill(100, { ...DESK, height: low.least })).toMatchObject({ detail: 0, unit: 12 });
  expect(fill(8, DESK).least).toBeLessThan(100);
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
  missed: [],
  callbacks: 0,
  messages: 0,
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
