/** When entries into queues are over, as the event stream tells: a report is to be asked for again then. */

import { useEffect, useState } from "preact/hooks";
import type { Board } from "../../live/board";
import { board, follow } from "../../live/live";

/** Milliseconds from a change to the question, and between two: with many open calls the service's sums are as late. */
const LATE = 10_000;

/** Another number each time. */
export function useOver(): number {
  const [turn, setTurn] = useState(0);
  useEffect(follow, []);
  useEffect(() => {
    let seen = counts(board.get());
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      const found = counts(board.get());
      if (timer !== undefined || found === seen) return;
      seen = found;
      timer = setTimeout(() => {
        timer = undefined;
        setTurn((count) => count + 1);
        look();
      }, LATE);
    };
    const stop = board.follow(look);
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, []);
  return turn;
}

/** It is another one when somebody has come to a queue, or left it. */
function counts(now: Board | null): string {
  return [...(now?.queues.values() ?? [])].map((one) => [one.id, one.waiting, one.answered, one.abandoned]).join();
}
