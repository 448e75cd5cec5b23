/** The messages, as the service says: asked anew when the list has changed. */

import { usePacedAnswer } from "../../api/answer";
import { ask } from "../../api/client";
import type { Board } from "../../live/board";

/** Messages that are shown: all that there can be. */
export const MOST = 500;

/** Milliseconds between two questions. */
const PAUSE = 2_000;

/** The oldest comes first. `done`: those that are done, the last one first. */
export function useMessages(board: Board | null, done: boolean) {
  return usePacedAnswer({
    key: done ? "done" : "messages",
    read: (cut) => ask("get", "/api/v1/messages", { query: { limit: MOST, done: `${done}` } }, cut),
    pause: PAUSE,
    changes: String(board?.messages),
    news: board?.at,
  });
}
