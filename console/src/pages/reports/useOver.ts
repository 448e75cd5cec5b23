/** When entries into queues are over, as the event stream tells: a report is to be asked for again then. */

import { useEffect, useState } from "preact/hooks";
import type { Board } from "../../live/board";
import { board, follow } from "../../live/live";

/** Milliseconds from a change to the question, and between two: with many open calls the service's sums are as late. */
const LATE = 10_000;

export interface Over {
  /** Another number each time. */
  readonly turn: number;
  /** The queues as they were then: for their aims. */
  readonly queues: Board["queues"] | null;
}

export function useOver(): Over {
  const [over, setOver] = useState<Over>({ turn: 0, queues: null });
  useEffect(follow, []);
  useEffect(() => {
    let seen = counts(board.get());
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      const now = board.get();
      setOver((before) => (before.queues === null && now !== null ? { ...before, queues: now.queues } : before));
      const found = counts(now);
      if (timer !== undefined || found === seen) return;
      seen = found;
      timer = setTimeout(() => {
        timer = undefined;
        setOver(({ turn }) => ({ turn: turn + 1, queues: board.get()?.queues ?? null }));
        look();
      }, LATE);
    };
    const stop = board.follow(look);
    look();
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, []);
  return over;
}

/** It is another one when somebody has come to a queue, or left it. */
function counts(now: Board | null): string {
  return [...(now?.queues.values() ?? [])].map((one) => [one.id, one.waiting, one.answered, one.abandoned]).join();
}
