/** What an agent's state looks like: a colour, a shape and a word, the same on every page. Pure. */

import type { AgentOut, AgentState } from "../api/schema";
import type { Text } from "../texts/texts";
import { TEXTS } from "./texts";

export type Shape = "disc" | "ring" | "square" | "half" | "bar" | "struck" | "dot";

export interface Look {
  readonly word: Text;
  readonly shape: Shape;
  /** A colour of `tokens.css`. */
  readonly colour: string;
}

/** What is shown: the state, or that the phone does not answer, which comes before a state that waits for calls. */
export type Shown = AgentState | "unreachable";

export const LOOKS: Readonly<Record<Shown, Look>> = {
  ready: { word: TEXTS.ready, shape: "disc", colour: "var(--ready)" },
  ringing: { word: TEXTS.ringing, shape: "ring", colour: "var(--ringing)" },
  "on-call": { word: TEXTS.onCall, shape: "square", colour: "var(--on-call)" },
  "wrap-up": { word: TEXTS.wrapUp, shape: "half", colour: "var(--wrap-up)" },
  "not-ready": { word: TEXTS.notReady, shape: "bar", colour: "var(--not-ready)" },
  unreachable: { word: TEXTS.unreachable, shape: "struck", colour: "var(--unreachable)" },
  "logged-out": { word: TEXTS.signedOut, shape: "dot", colour: "var(--signed-out)" },
};

/** In a call the call is shown; signed out, nobody is missed. */
export function shown(agent: Pick<AgentOut, "state" | "phone">): Shown {
  const waits = agent.state === "ready" || agent.state === "not-ready";
  return waits && agent.phone === "unreachable" ? "unreachable" : agent.state;
}
