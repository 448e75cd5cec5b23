/** The callbacks, as the service says: asked anew when the list has changed. */

import { usePacedAnswer } from "../../api/answer";
import { ask } from "../../api/client";
import type { Board } from "../../live/board";

/** Callbacks that are shown: as many as the service tells at once. */
export const MOST = 500;

/** Milliseconds between two questions. */
const PAUSE = 2_000;

/** The citizen who has waited longest comes first. */
export function useCallbacks(board: Board | null) {
  return usePacedAnswer({
    key: "callbacks",
    read: (cut) => ask("get", "/api/v1/callbacks", { query: { limit: MOST } }, cut),
    pause: PAUSE,
    changes: String(board?.callbacks),
    news: board?.at,
  });
}
