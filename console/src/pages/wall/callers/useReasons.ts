/** Why the callers of a queue wait, as the service says it: asked anew when something has changed that may change it. */

import { useEffect, useMemo } from "preact/hooks";
import { usePacedAnswer } from "../../../api/answer";
import { ask } from "../../../api/client";
import type { CallerOut } from "../../../api/schema";
import type { Board, Queue } from "../../../live/board";
import { serves } from "../../../states/serving";
import { now } from "../../../time/clock";
import { line, MOST_SENT } from "./line";

/** Milliseconds between two questions: a change of an agent in a busy hotline comes several times a second. */
const PAUSE = 2_000;

export interface Reasons {
  /** By the id of the call. */
  readonly of: ReadonlyMap<string, CallerOut>;
  /** Why the last question failed; null: it did not. */
  readonly failed: unknown;
}

export function useReasons(board: Board, queue: Queue): Reasons {
  const { answer, error, again } = usePacedAnswer({
    key: queue.id,
    read: (cut) => {
      const asked = { path: { queue_id: queue.id }, query: { limit: MOST_SENT } };
      return ask("get", "/api/v1/queues/{queue_id}/callers", asked, cut);
    },
    pause: PAUSE,
    changes: signature(board, queue),
    news: board.at,
  });
  useEffect(() => {
    const steps = (answer ?? []).flatMap(({ why }) => (why.next_step ? [Date.parse(why.next_step.at)] : []));
    const next = Math.min(...steps.filter((at) => at > now()));
    if (next === Number.POSITIVE_INFINITY) return;
    const timer = setTimeout(again, next - now());
    return () => clearTimeout(timer);
  }, [answer, again]);
  const of = useMemo(() => new Map((answer ?? []).map((caller) => [caller.call_id, caller])), [answer]);
  return { of, failed: error };
}

/** What the reasons depend on: the callers, and the agents who could ever serve the queue. */
function signature(board: Board, queue: Queue): string {
  const callers = line(board, queue.id).map(({ call_id, ringing }) => [call_id, ...ringing]);
  const agents = [...board.agents.values()]
    .filter((agent) => serves(agent, queue))
    .map(({ id, state, phone, next_state, wrap_up_until, skills, languages }) => {
      return [id, state, phone, next_state, wrap_up_until, skills, languages];
    });
  return JSON.stringify([callers, agents]);
}
