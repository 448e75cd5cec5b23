/** The waiting callers of a queue in the order in which they are served. Pure. */

import type { Board, Caller } from "../../../live/board";

/** Seconds that a caller at the front of a queue is ahead: a day (`acd/engine`, LONGEST_HEAD_START). */
const FRONT_S = 86_400;

/** Callers of a queue that the stream sends, from the head (`events/latest`). */
export const MOST_SENT = 30;

/** Those for whom an agent rings come first. */
export function line(board: Board, queue: string): Caller[] {
  const found = [...board.callers.values()].filter((caller) => caller.queue === queue);
  const rank = (caller: Caller) => [Number(caller.ringing.length === 0), ...caller.order] as const;
  return found.sort((one, other) => compare(rank(one), rank(other)));
}

export function atFront(caller: Caller): boolean {
  return caller.head_start_s >= FRONT_S;
}

function compare(one: readonly number[], other: readonly number[]): number {
  for (const [at, value] of one.entries()) {
    const difference = value - (other[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
