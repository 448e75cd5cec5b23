import { expect, test } from "vitest";
import type { Agent } from "../../live/board";
import { byAttention, need, reasonOf } from "./attention";
import CASES from "./attention.cases.json";

const NOW = Date.parse("2026-03-03T10:00:00Z");

/** An agent who is in that state for so many seconds. */
function agent(state: Agent["state"], seconds: number, more: Partial<Agent> = {}): Agent {
  return {
    id: "1001",
    name: "",
    skills: {},
    languages: [],
    from_file: null,
    reason: "",
    break_limit: null,
    phone: "free",
    away: false,
    queue: null,
    call_id: null,
    test: false,
    missed_offers: 0,
    next_state: null,
    wrap_up_until: null,
    help_since: null,
    silent: [],
    sent: null,
    aside: null,
    code_missing: false,
    state,
    since: new Date(NOW - 1_000 * seconds).toISOString(),
    ...more,
  };
}

interface Case {
  readonly id: string;
  readonly seconds: number;
  readonly help?: boolean;
  readonly need: readonly [number, string];
}

const cases = CASES.map((one) => {
  const { id, seconds, help, need: needed, state, ...more } = one as unknown as Case & Pick<Agent, "state">;
  const since = new Date(NOW - 1_000 * seconds).toISOString();
  return { needed, who: agent(state, seconds, { id, ...more, ...(help && { help_since: since }) }) };
});

test("who needs somebody, how much and why, and in which order, as in the terminal", () => {
  for (const { who, needed } of cases) {
    const { level, why } = need(who, NOW);
    expect([level, why ?? ""], who.id).toEqual(needed);
  }
  const agents = cases.map(({ who }) => who);
  expect(byAttention([...agents].reverse(), NOW).map(({ id }) => id)).toEqual(agents.map(({ id }) => id));
});

test("a code of the service's is a sentence, an agent's own words stay", () => {
  const missed = agent("not-ready", 1, { reason: "rona" });
  expect(need(missed, NOW).why).toBe("rona");
  expect(reasonOf(missed)).toBe("");
  expect(reasonOf(agent("not-ready", 1, { reason: "午餐" }))).toBe("午餐");
});

test("others keep their place while time passes, until they need somebody", () => {
  const agents = [agent("on-call", 899, { id: "3" }), agent("ready", 5, { id: "1" }), agent("on-call", 4, { id: "4" })];
  const order = (now: number) => byAttention(agents, now).map(({ id }) => id);
  expect(order(NOW + 500)).toEqual(["1", "3", "4"]);
  expect(order(NOW + 1_000)).toEqual(["3", "1", "4"]);
});
