/** The callbacks, as the service says: asked anew when the list has changed. */

import { usePacedAnswer } from "../../api/answer";
import { ask } from "../../api/client";
import type { Board } from "../../live/board";

/** Callbacks that are shown: as many as the service tells at once. */
export const MOST = 500;

/** Milliseconds between two questions. */
const PAUSE = 2_000;

/** Them, the citizen who has waited longest first, and by queue how many promises were kept today. */
export function useCallbacks(board: Board | null) {
  return usePacedAnswer({
    key: "callbacks",
    read: async (cut) => ({
      callbacks: await ask("get", "/api/v1/callbacks", { query: { limit: MOST } }, cut),
      promises: await ask("get", "/api/v1/callbacks-today", {}, cut),
    }),
    pause: PAUSE,
    changes: String(board?.callbacks),
    news: board?.at,
  });
}
