import { expect, test } from "vitest";
import { ANSWER, type Command, type Connection, type Event, IDLE, SILENCE, step } from "./connection";

/** Feeds events, each at its time; answers what became of it. */
function after(...events: readonly (readonly [at: number, event: Event])[]): Connection & { commands: Command[] } {
  let now = IDLE;
  const all: Command[] = [];
  for (const [at, event] of events) {
    const [next, commands] = step(now, event, at, 1);
    now = next;
    all.push(...commands);
  }
  return { ...now, commands: all };
}

const opened = [
  [0, { kind: "started" }],
  [10, { kind: "opened" }],
  [20, { kind: "heard" }],
] as const satisfies readonly (readonly [number, Event])[];

test("it connects, opens and hears", () => {
  expect(after(...opened)).toEqual({ ...IDLE, phase: "open", deadline: 20 + SILENCE, commands: ["connect"] });
});

test("silence is a lost connection within 2 s, and it is tried again at once", () => {
  const silent = after(...opened, [20 + SILENCE, { kind: "due" }]);
  expect(silent).toMatchObject({ phase: "waiting", lostSince: 20 + SILENCE, tries: 1, commands: ["connect", "cut"] });
  expect(SILENCE).toBeLessThan(2_000);
  expect((silent.deadline ?? 0) - (20 + SILENCE)).toBeLessThanOrEqual(250);
});

test("a timer that comes too early changes nothing", () => {
  expect(after(...opened, [20 + SILENCE - 1, { kind: "due" }])).toEqual(after(...opened));
});

test("each sign of life puts the deadline off", () => {
  expect(after(...opened, [1_400, { kind: "heard" }]).deadline).toBe(1_400 + SILENCE);
});

test("what is shown counts as lost until the first message after the new connection", () => {
  const back = [
    ...opened,
    [100, { kind: "ended" }],
    [400, { kind: "due" }],
    [410, { kind: "opened" }],
  ] as const satisfies readonly (readonly [number, Event])[];
  expect(after(...back)).toMatchObject({ phase: "open", lostSince: 100, tries: 0 });
  expect(after(...back, [411, { kind: "heard" }])).toMatchObject({ phase: "open", lostSince: null });
});

test("waits grow to 5 s, and chance spreads them", () => {
  let now = after(...opened, [100, { kind: "ended" }]) as Connection;
  const waits: number[] = [];
  for (let at = 1_000; at < 200_000; at += 20_000) {
    const [connecting] = step(now, { kind: "due" }, at, 1);
    [now] = step(connecting, { kind: "ended" }, at, 1);
    waits.push((now.deadline ?? 0) - at);
  }
  expect(waits.slice(0, 6)).toEqual([500, 1_000, 2_000, 4_000, 5_000, 5_000]);
  const [connecting] = step(now, { kind: "due" }, 300_000, 0);
  const [soon] = step(connecting, { kind: "ended" }, 300_000, 0);
  expect((soon.deadline ?? 0) - 300_000).toBe(2_500);
  expect(now.lostSince).toBe(100);
});

test("a service that does not answer is given up after a while", () => {
  expect(after([0, { kind: "started" }], [ANSWER, { kind: "due" }]).phase).toBe("waiting");
});

test("who may not see it is not asked again", () => {
  for (const status of [401, 403]) {
    const over = after([0, { kind: "started" }], [5, { kind: "refused", status, retryAfter: null }]);
    expect(over).toMatchObject({ phase: "over", status, deadline: null });
  }
});

test("a crowded service says how long to wait", () => {
  const crowded = after([0, { kind: "started" }], [5, { kind: "refused", status: 503, retryAfter: 7 }]);
  expect(crowded).toMatchObject({ phase: "waiting", status: 503, deadline: 7_005 });
});

test("a reader who comes back, or a network that does, does not wait", () => {
  const lost = [...opened, [100, { kind: "ended" }]] as const satisfies readonly (readonly [number, Event])[];
  expect(after(...lost, [101, { kind: "woken" }])).toMatchObject({ phase: "connecting", tries: 0 });
});

test("a page that slept sees at once that nothing came meanwhile", () => {
  expect(after(...opened, [60_000, { kind: "woken" }])).toMatchObject({ phase: "waiting", lostSince: 60_000 });
});

test("late news of an old connection changes nothing", () => {
  const lost = after(...opened, [100, { kind: "ended" }]);
  for (const kind of ["opened", "heard", "ended"] as const) {
    expect(after(...opened, [100, { kind: "ended" }], [101, { kind }])).toEqual(lost);
  }
});
