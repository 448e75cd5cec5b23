/** What an agent's state looks like: a colour, a shape and a word, the same on every page. Pure. */

import type { AgentOut, AgentState, StateIn } from "../api/schema";
import { STATES } from "../api/tables";
import type { Text } from "../texts/texts";

export interface Look {
  readonly word: Text;
  /** The shape: the path of an SVG of 16 by 16 pixels, filled by the rule `evenodd`. */
  readonly path: string;
  /** A colour of `api/colours.css`. */
  readonly colour: string;
  /** What somebody chooses to come into it; null: calls lead to it. */
  readonly request: Text | null;
  readonly signedIn: boolean;
  readonly working: boolean;
  readonly busy: boolean;
  /** Seconds after which a supervisor should look after the agent; null: never. */
  readonly long: readonly [soon: number, now: number] | null;
}

/** What is shown: the state, or that the phone does not answer, which comes before a state that waits for calls. */
export type Shown = AgentState | "unreachable";

/** By what `agents/states` says, in the order in which they are counted. */
export const LOOKS: Readonly<Record<Shown, Look>> = STATES;
export const SHOWN = Object.keys(LOOKS) as readonly Shown[];

/** The states that an agent or a supervisor may ask for. */
export const REQUESTABLE = SHOWN.filter((state): state is StateIn["state"] => LOOKS[state].request !== null);

/** In a call the call is shown; signed out, nobody is missed. */
export function shown(agent: Pick<AgentOut, "state" | "phone">): Shown {
  const { signedIn, busy } = LOOKS[agent.state];
  return signedIn && !busy && agent.phone === "unreachable" ? "unreachable" : agent.state;
}

/** How many agents of a queue are shown so, by its name with `_`. */
export type Counts = Readonly<Record<string, number>>;

/** How many of a queue's agents are shown so; those who are signed out are not counted. */
export function counted(agents: Counts, seen: Shown): number {
  return agents[seen.replaceAll("-", "_")] ?? 0;
}
