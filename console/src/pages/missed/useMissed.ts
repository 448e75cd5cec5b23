/** The missed callers, as the service says: asked anew when the list has changed. */

import { usePacedAnswer } from "../../api/answer";
import { ask } from "../../api/client";
import type { Board } from "../../live/board";

/** Callers that are shown: as many as the service tells at once. */
const MOST = 500;

/** Milliseconds between two questions: in a crowd somebody gives up every second, and many look at the list. */
const PAUSE = 2_000;

/** The caller whose first try is oldest comes first. */
export function useMissed(board: Board | null) {
  return usePacedAnswer({
    key: "missed",
    read: (cut) => ask("get", "/api/v1/missed", { query: { limit: MOST } }, cut),
    pause: PAUSE,
    changes: board?.missed.map((one) => one.changes).join(),
    news: board?.at,
  });
}
