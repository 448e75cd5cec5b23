import { expect, test } from "vitest";
import type { Agent, Board, Caller } from "../../../live/board";
import type { Speaker } from "../../../texts/language";
import { say } from "../../../texts/texts";
import { canBeRung, hindrance, type To, targets } from "./moving";

const speaker: Speaker = { language: "en", say: (text, values) => say(text, "en", values) };
const caller = { call_id: "c1", queue: "gas", ringing: [] as string[], head_start_s: 0 } as unknown as Caller;
const agent = (state: string, phone = "free") => ({ id: "1003", state, phone }) as Agent;

function hinders(to: To, now: Partial<Caller> | null = {}, who = agent("ready"), waiting = 30): string | null {
  const callers = new Map(now === null ? [] : [["c1", { ...caller, ...now }]]);
  const queues = new Map([["gas", { id: "gas", waiting }]]);
  const board = { callers, queues, agents: new Map([[who.id, who]]) } as unknown as Board;
  return hindrance(board, caller, to, speaker);
}

test("who is ready or wraps up, with a free phone, can be rung", () => {
  const states = ["ready", "wrap-up", "on-call", "not-ready", "ringing", "logged-out"];
  expect(states.filter((state) => canBeRung(agent(state)))).toEqual(["ready", "wrap-up"]);
  expect(canBeRung(agent("ready", "busy"))).toBe(false);
});

test("nothing stands in the way", () => {
  expect([hinders({ front: true }), hinders({ queue: "water" }), hinders({ agent: "1003" })]).toEqual([
    null,
    null,
    null,
  ]);
  expect(hinders({ agent: "seen by the service only" })).toBeNull();
});

test("what stands in the way is said", () => {
  expect(hinders({ front: true }, null)).toMatch(/^This caller waits here no more/);
  expect(hinders({ front: true }, null, agent("ready"), 31)).toBeNull(); // not told, perhaps
  expect(hinders({ front: true }, { queue: "water" })).toMatch(/^This caller waits here no more/);
  expect(hinders({ queue: "water" }, { ringing: ["1003"] })).toMatch(/^Agent 1003 is being rung for this caller/);
  expect(hinders({ front: true }, { head_start_s: 86_400 })).toBe("This caller is at the front already.");
  expect(hinders({ queue: "water" }, { head_start_s: 86_400 })).toBeNull();
  expect(hinders({ agent: "1003" }, {}, agent("ready", "unreachable"))).toMatch(/^Agent 1003 .*\(Unreachable\)/);
});

test("agents who can be rung and fit come first, then the others in the hotline's order", () => {
  const make = (id: string, state: string, gas: number, language = "zh") =>
    ({ id, state, phone: "free", skills: { gas }, languages: [language] }) as unknown as Agent;
  const agents = [
    make("1", "on-call", 3),
    make("2", "ready", 1),
    make("3", "wrap-up", 3),
    make("4", "logged-out", 3),
    make("5", "ready", 3),
    make("6", "ready", 3, "en"),
    make("7", "not-ready", 1),
  ];
  const queues = new Map([["gas", { id: "gas", needs: [{ gas: 2 }] }]]);
  const board = { queues, agents: new Map(agents.map((one) => [one.id, one])) } as unknown as Board;
  const found = targets(board, { ...caller, language: "zh" });
  expect(found.map(({ agent: { id }, fits, can }) => `${id}${fits ? "+" : ""}${can ? "" : "-"}`)).toEqual([
    "3+",
    "5+",
    "2",
    "6",
    "1+-",
    "7-",
  ]);
});
