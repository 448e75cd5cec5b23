/** Which agents need somebody's attention, and why. Pure. */

import type { Agent } from "../../live/board";
import { type Shown, shown } from "../../states/states";
import type { Text } from "../../texts/texts";
import { TEXTS } from "./texts";

/** 0: none. 1: soon. 2: now. */
export type Level = 0 | 1 | 2;

export interface Need {
  readonly level: Level;
  /** Why, where the state and its time do not say it. */
  readonly why: Text | null;
}

/** Seconds after which a state is long: soon, and now. */
const LONG: Readonly<Record<Shown, readonly [soon: number, now: number]>> = {
  ready: [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
  ringing: [30, 60],
  "on-call": [15 * 60, 30 * 60],
  "wrap-up": [3 * 60, 10 * 60],
  "not-ready": [15 * 60, 45 * 60],
  unreachable: [0, 0],
  "logged-out": [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
};

/** The reason that the service gives to an agent who did not answer. */
const NO_ANSWER = "rona";

/** And that to one who gave no wrap-up code. */
export const NO_CODE = "no-code";

const ORDER: readonly Shown[] = ["unreachable", "not-ready", "ringing", "wrap-up", "on-call", "ready", "logged-out"];

/** `now`: milliseconds on the service's clock. */
export function need(agent: Agent, now: number): Need {
  const state = shown(agent);
  if (agent.help_since !== null) return { level: 2, why: TEXTS.helpCalled };
  if (state === "unreachable") {
    return agent.state === "ready" ? { level: 2, why: TEXTS.phoneAway } : { level: 1, why: TEXTS.phoneAway };
  }
  if (state === "not-ready" && agent.reason === NO_ANSWER) return { level: 2, why: TEXTS.noAnswer };
  if (state === "not-ready" && agent.reason === NO_CODE) return { level: 2, why: TEXTS.noCode };
  const [soon, urgent] = LONG[state];
  const seconds = (now - Date.parse(agent.since)) / 1_000;
  if (seconds >= urgent) return { level: 2, why: TEXTS.long };
  if (seconds >= soon) return { level: 1, why: TEXTS.long };
  if (state === "ready" && agent.missed_offers > 0) return { level: 1, why: TEXTS.missed };
  return { level: 0, why: null };
}

/** What the agent said, and not a code of the service's. */
export function reasonOf(agent: Agent): string {
  return agent.reason === NO_ANSWER || agent.reason === NO_CODE ? "" : agent.reason;
}

/** Those who need somebody first, by what they need. The others keep the order of their numbers, whatever they do, and
 *  those who are signed out come last: a grid in which calls move the cards cannot be read. */
export function byAttention(agents: Iterable<Agent>, now: number): Agent[] {
  const ranked = [...agents].map((agent) => {
    const { level } = need(agent, now);
    const state = shown(agent);
    const place = agent.help_since !== null ? -1 : level > 0 ? ORDER.indexOf(state) : Number(state === "logged-out");
    return { agent, rank: 100 * (2 - level) + place };
  });
  ranked.sort((one, other) => one.rank - other.rank || compare(one.agent.id, other.agent.id));
  return ranked.map(({ agent }) => agent);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
