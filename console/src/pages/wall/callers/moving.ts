/** Where a caller can be moved, and why a move did not work. Pure. */

import type { MoveIn } from "../../../api/schema";
import type { Agent, Board, Caller } from "../../../live/board";
import { serves } from "../../../states/serving";
import { LOOKS, shown } from "../../../states/states";
import type { Speaker } from "../../../texts/language";
import { listed } from "../../../texts/words";
import { atFront, MOST_SENT } from "./line";
import { TEXTS } from "./texts";

export type To = MoveIn["to"];

/** Whether the service would ring the agent at once, whatever the skills. */
export function canBeRung(agent: Agent): boolean {
  return (agent.state === "ready" || agent.state === "wrap-up") && agent.phone === "free";
}

export interface Target {
  readonly agent: Agent;
  /** Whether the agent has the skills and the language of the caller's queue. */
  readonly fits: boolean;
  readonly can: boolean;
}

/** The agents who are signed in: first those who can be rung and fit, last those who cannot be rung. */
export function targets(board: Board, caller: Caller): Target[] {
  const own = board.queues.get(caller.queue);
  const found = [...board.agents.values()]
    .filter((agent) => agent.state !== "logged-out")
    .map((agent) => {
      const fits = own !== undefined && serves(agent, own) && agent.languages.includes(caller.language);
      return { agent, fits, can: canBeRung(agent) };
    });
  return found.sort((one, other) => weight(other) - weight(one));
}

function weight({ can, fits }: Target): number {
  return 2 * Number(can) + Number(fits);
}

/** Why the caller cannot be moved there, as far as this page knows; null: it can be tried. */
export function hindrance(board: Board, caller: Caller, to: To, speaker: Speaker): string | null {
  const { say, language } = speaker;
  const now = board.callers.get(caller.call_id);
  if (now === undefined && (board.queues.get(caller.queue)?.waiting ?? 0) > MOST_SENT) return null; // perhaps far behind
  if (now === undefined || now.queue !== caller.queue) return say(TEXTS.goneAlready);
  if (now.ringing.length > 0) return say(TEXTS.isRinging, { agents: listed(now.ringing, language) });
  if ("front" in to) return atFront(now) ? say(TEXTS.frontAlready) : null;
  if ("queue" in to) return null;
  const agent = board.agents.get(to.agent);
  if (agent === undefined || canBeRung(agent)) return null;
  return say(TEXTS.agentCannot, { agent: agent.id, state: say(LOOKS[shown(agent)].word) });
}
