/** Which agents need somebody's attention, and why: the rules of `agents/states`, which has the same tests. Pure. */

import { FAR, ORDER, type WHY } from "../../api/tables";
import type { Agent } from "../../live/board";
import { LOOKS, type Shown, shown } from "../../states/states";

/** 0: none. 1: soon. 2: now. */
export type Level = 0 | 1 | 2;

export interface Need {
  readonly level: Level;
  readonly why: keyof typeof WHY | null;
}

/** `now`: milliseconds on the service's clock. */
export function need(agent: Agent, now: number): Need {
  if (agent.help_since !== null) return { level: 2, why: "help" };
  const state = shown(agent);
  if (state === "unreachable") return { level: agent.state === "ready" ? 2 : 1, why: "unreachable" };
  if (state === "not-ready" && isCode(agent.reason)) return { level: 2, why: agent.reason };
  const limit = agent.break_limit;
  const long = limit === null ? LOOKS[state].long : ([limit, FAR.late * limit] as const);
  const seconds = (now - Date.parse(agent.since)) / 1_000;
  if (long !== null && seconds >= long[0]) {
    return { level: seconds >= long[1] ? 2 : 1, why: limit === null ? "long" : "over" };
  }
  if (state === "ready" && agent.missed_offers > 0) return { level: 1, why: "missed" };
  return { level: 0, why: null };
}

/** Whether it is a reason that the service itself gives. */
function isCode(reason: string): reason is "rona" | "no-code" {
  return reason === "rona" || reason === "no-code";
}

/** What the agent said, and not a code of the service's. */
export function reasonOf(agent: Agent): string {
  return isCode(agent.reason) ? "" : agent.reason;
}

/** Those who need somebody first, by how much and by what is shown of them, the longest first. The others keep the order
 *  of their numbers, whatever they do, and those who are signed out come last: a grid in which calls move the cards cannot be read.
 *  The terminal's wall has the same order. */
export function byAttention(agents: Iterable<Agent>, now: number): Agent[] {
  const ranked = [...agents].map((agent) => ({ agent, rank: rank(agent, now) }));
  ranked.sort((one, other) => {
    const at = one.rank.findIndex((part, index) => part !== other.rank[index]);
    return (one.rank[at] ?? 0) - (other.rank[at] ?? 0) || compare(one.agent.id, other.agent.id);
  });
  return ranked.map(({ agent }) => agent);
}

function rank(agent: Agent, now: number): readonly number[] {
  const { level, why } = need(agent, now);
  const state = shown(agent);
  if (level === 0) return [0, Number(state === "logged-out"), 0];
  const place = (ORDER as readonly Shown[]).indexOf(state);
  const known = place < 0 ? ORDER.length : place;
  return [-level, why === "help" ? -1 : known, Date.parse(agent.help_since ?? agent.since)];
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
