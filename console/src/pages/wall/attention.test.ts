import { expect, test } from "vitest";
import type { Agent } from "../../live/board";
import { byAttention, need, reasonOf } from "./attention";
import { TEXTS } from "./texts";

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
    phone: "free",
    away: false,
    queue: null,
    call_id: null,
    test: false,
    missed_offers: 0,
    next_state: null,
    wrap_up_until: null,
    help_since: null,
    sent: null,
    aside: null,
    code_missing: false,
    state,
    since: new Date(NOW - 1_000 * seconds).toISOString(),
    ...more,
  };
}

test.each([
  [agent("ready", 9_999), 0],
  [agent("ready", 1, { missed_offers: 1 }), 1],
  [agent("ready", 1, { phone: "unreachable" }), 2],
  [agent("not-ready", 1, { phone: "unreachable" }), 1],
  [agent("not-ready", 60, { reason: "lunch" }), 0],
  [agent("not-ready", 1, { reason: "rona" }), 2],
  [agent("not-ready", 15 * 60), 1],
  [agent("not-ready", 45 * 60), 2],
  [agent("on-call", 15 * 60 - 1), 0],
  [agent("on-call", 15 * 60), 1],
  [agent("on-call", 30 * 60), 2],
  [agent("on-call", 1, { phone: "unreachable" }), 0],
  [agent("wrap-up", 3 * 60), 1],
  [agent("ringing", 10), 0],
  [agent("ringing", 30), 1],
  [agent("logged-out", 99_999, { phone: "unreachable" }), 0],
] as const)("need %#", (who, level) => {
  expect(need(who, NOW).level).toBe(level);
});

test("a code of the service's is a sentence, an agent's own words stay", () => {
  const missed = agent("not-ready", 1, { reason: "rona" });
  expect(need(missed, NOW).why).toBe(TEXTS.noAnswer);
  expect(reasonOf(missed)).toBe("");
  expect(reasonOf(agent("not-ready", 1, { reason: "午餐" }))).toBe("午餐");
});

test("who needs somebody comes first, and others keep their place while time passes", () => {
  const agents = [
    agent("ready", 5, { id: "1" }),
    agent("logged-out", 5, { id: "2" }),
    agent("on-call", 899, { id: "3", queue: "water" }),
    agent("on-call", 4, { id: "4", queue: "gas" }),
    agent("not-ready", 5, { id: "5", reason: "rona" }),
    agent("ready", 5, { id: "6", phone: "unreachable" }),
    agent("wrap-up", 200, { id: "7" }),
  ];
  const order = (now: number) =>
    byAttention(agents, now)
      .map(({ id }) => id)
      .join("");
  expect(order(NOW)).toBe("6571342");
  expect(order(NOW + 500)).toBe("6571342");
  expect(order(NOW + 1_000)).toBe("6573142");
});

test("an agent who calls for help comes before all others", () => {
  const helped = agent("on-call", 10, { id: "1009", help_since: new Date(NOW).toISOString() });
  expect(need(helped, NOW)).toEqual({ level: 2, why: TEXTS.helpCalled });
  const others = [agent("ready", 5, { id: "1001", phone: "unreachable" }), agent("not-ready", 9_000, { id: "1002" })];
  expect(byAttention([...others, helped], NOW)[0]?.id).toBe("1009");
});
