import { expect, test } from "vitest";
import type { AgentOut, LastHourOut, ListeningOut, QueueOut } from "../api/schema";
import { type Caller, type Colleague, fold, longestWait, type News, waitingChanged } from "./board";
import { LONGEST, Messages } from "./messages";

const queue = (id: string, waiting: number, longest = 0) => ({ id, waiting, longest_wait_s: longest }) as QueueOut;
const agent = (id: string, state: string) => ({ id, state }) as AgentOut;
const news = (second: number, queues: QueueOut[], agents: AgentOut[], more: Partial<News> = {}): News => ({
  at: new Date(1_000 * second).toISOString(),
  queues,
  agents,
  callers: [],
  gone: [],
  last_hour: [],
  ...more,
});

test("a state replaces everything, changes replace what they name", () => {
  const first = fold(null, "state", news(1, [queue("a", 0), queue("b", 0)], [agent("1", "ready")]));
  const then = fold(first, "changes", news(2, [queue("b", 3)], []));
  expect([...(then?.queues.values() ?? [])].map(({ id, waiting, at }) => [id, waiting, at])).toEqual([
    ["a", 0, 1_000],
    ["b", 3, 2_000],
  ]);
  expect(then?.agents.get("1")).toBe(first?.agents.get("1"));
  expect(first?.queues.get("b")?.waiting).toBe(0);
  const reloaded = fold(then, "state", news(3, [queue("b", 3)], []));
  expect([...(reloaded?.queues.keys() ?? [])]).toEqual(["b"]);
  expect(reloaded?.agents.size).toBe(0);
});

test("callers come, move and go; the hours of queues are told now and then", () => {
  const caller = (call_id: string, queue: string) => ({ call_id, queue }) as Caller;
  const hour = (queue: string, waiting: number[]) => ({ queue, waiting }) as unknown as LastHourOut;
  const first = fold(null, "state", news(1, [], [], { callers: [caller("c1", "a")], last_hour: [hour("a", [1])] }));
  const same = fold(first, "changes", news(2, [queue("a", 1)], []));
  expect([same?.callers, same?.hours]).toEqual([first?.callers, first?.hours]);
  expect(same?.callers).toBe(first?.callers);
  const more = { callers: [caller("c2", "a"), caller("c1", "b")], gone: [], last_hour: [hour("b", [2])] };
  const then = fold(same, "changes", news(3, [], [], more));
  expect([...(then?.callers.values() ?? [])].map((one) => `${one.call_id}${one.queue}`)).toEqual(["c1b", "c2a"]);
  expect([...(then?.hours.entries() ?? [])]).toEqual([
    ["a", [1]],
    ["b", [2]],
  ]);
  const last = fold(then, "changes", news(4, [], [], { gone: ["c1", "unknown"] }));
  expect([...(last?.callers.keys() ?? [])]).toEqual(["c2"]);
  expect(then?.callers.size).toBe(2);
});

test("the last trial stays until another is told", () => {
  const trial = { number: 2, percent: 10, since: "", verdict: "running", ended: null } as const;
  const first = fold(null, "state", { ...news(1, [], []), trial: [trial] });
  const then = fold(first, "changes", news(2, [], []));
  expect(then?.trial).toBe(trial);
  const over = { ...trial, verdict: "taken-back", ended: "now" } as const;
  expect(fold(then, "changes", { ...news(3, [], []), trial: [over] })?.trial).toBe(over);
  expect(fold(then, "state", news(4, [], []))?.trial).toBeNull();
});

test("colleagues are told one by one, the line of news whole", () => {
  const colleague = (id: string, state: string) => ({ id, state }) as Colleague;
  const line = { text: "Gas works tonight", at: "", actor: "user:wang" };
  const more = { colleagues: [colleague("2", "ready"), colleague("3", "ready")], notice: [line] };
  const first = fold(null, "state", news(1, [], [], more));
  const then = fold(first, "changes", news(2, [], [], { colleagues: [colleague("3", "on-call")] }));
  expect([...(then?.colleagues.values() ?? [])].map(({ id, state }) => `${id} ${state}`)).toEqual([
    "2 ready",
    "3 on-call",
  ]);
  expect(then?.notice).toBe(line);
  expect(fold(then, "changes", news(3, [], []))?.colleagues).toBe(then?.colleagues);
  expect(fold(then, "changes", news(3, [], [], { notice: [] }))?.notice).toBeNull();
  expect(fold(then, "state", news(4, [], []))?.colleagues.size).toBe(0);
});

test("who listens is told whole when it changes", () => {
  const listening = [{ id: "l1", agent: "1" }] as ListeningOut[];
  const first = fold(null, "state", { ...news(1, [], []), listening });
  expect(first?.listening).toEqual(listening);
  const then = fold(first, "changes", news(2, [], []));
  expect(then?.listening).toBe(first?.listening);
  expect(fold(then, "changes", { ...news(3, [], []), listening: [] })?.listening).toEqual([]);
  expect(fold(then, "state", news(4, [], []))?.listening).toEqual([]);
});

test("changes before a state, and events of a later service, say nothing", () => {
  expect(fold(null, "changes", news(1, [queue("a", 1)], []))).toBeNull();
  const first = fold(null, "state", news(1, [], []));
  expect(fold(first, "weather", news(2, [queue("a", 1)], []))).toBe(first);
});

test("the longest wait grows since it was told", () => {
  const told = { ...queue("a", 2, 10.5), at: 5_000 };
  expect(longestWait(told, 7_000)).toBe(12.5);
  expect(longestWait(told, 4_000)).toBe(10.5);
  expect(longestWait({ ...told, waiting: 0 }, 7_000)).toBe(0);
});

const TEXT =
  'event: state\ndata: {"a":"梧桐"}\nid: 0\nretry: 3000\n\n: still here\n\nevent: changes\ndata: 2\nid: 1\n\n';

test("messages are the same however the stream is cut", () => {
  for (let at = 0; at <= TEXT.length; at += 1) {
    const messages = new Messages();
    const found = [...messages.take(TEXT.slice(0, at)), ...messages.take(TEXT.slice(at))];
    expect(found).toEqual([
      { event: "state", data: '{"a":"梧桐"}' },
      { event: "changes", data: "2" },
    ]);
  }
});

test("a message without an end is refused", () => {
  const messages = new Messages();
  messages.take("data: ".padEnd(LONGEST));
  expect(() => messages.take("x")).toThrow(RangeError);
});

test("somebody who comes to a queue or goes is a change of its waiting, an agent's state is not", () => {
  const told = { ...queue("a", 2), at: 5_000 };
  expect(waitingChanged(told, { ...told, waiting: 3 })).toBe(true);
  expect(waitingChanged(told, { ...told, at: 6_000, answered: 9 })).toBe(false);
});
