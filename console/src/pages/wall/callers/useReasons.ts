/** Why the callers of a queue wait, as the service says it: asked anew when something has changed that may change it. */

import { useEffect, useRef, useState } from "preact/hooks";
import { ask } from "../../../api/client";
import { paced } from "../../../api/paced";
import type { CallerOut } from "../../../api/schema";
import type { Board, Queue } from "../../../live/board";
import { serves } from "../../../states/serving";
import { now } from "../../../time/clock";
import { line, MOST_TOLD } from "./line";

/** Milliseconds between two questions: a change of an agent in a busy hotline comes several times a second. */
const PAUSE = 2_000;

export interface Reasons {
  /** By the id of the call. */
  readonly of: ReadonlyMap<string, CallerOut>;
  /** Why the last question failed; null: it did not. */
  readonly failed: unknown;
}

const NOTHING: Reasons = { of: new Map(), failed: null };

export function useReasons(board: Board, queue: Queue): Reasons {
  const [found, setFound] = useState(NOTHING);
  const asking = useRef(() => {});
  useEffect(() => {
    const cut = new AbortController();
    const look = async () => {
      try {
        const path = { queue_id: queue.id };
        const told = await ask(
          "get",
          "/api/v1/queues/{queue_id}/callers",
          { path, query: { limit: MOST_TOLD } },
          cut.signal,
        );
        setFound({ of: new Map(told.map((caller) => [caller.call_id, caller])), failed: null });
      } catch (failed) {
        if (!cut.signal.aborted) setFound((before) => ({ ...before, failed }));
      }
    };
    const often = paced(look, PAUSE);
    asking.current = often.ask;
    return () => {
      often.stop();
      cut.abort();
      setFound(NOTHING);
    };
  }, [queue.id]);
  const seen = signature(board, queue);
  const retried = found.failed === null ? 0 : board.at; // after a failure every news is a reason to ask again
  // biome-ignore lint/correctness/useExhaustiveDependencies: these are what makes it ask anew
  useEffect(() => asking.current(), [queue.id, seen, retried]);
  useEffect(() => {
    const steps = [...found.of.values()].flatMap(({ why }) => (why.next_step ? [Date.parse(why.next_step.at)] : []));
    const next = Math.min(...steps.filter((at) => at > now()));
    if (next === Number.POSITIVE_INFINITY) return;
    const timer = setTimeout(() => asking.current(), next - now());
    return () => clearTimeout(timer);
  }, [found]);
  return found;
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
