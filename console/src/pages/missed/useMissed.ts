/** The missed callers, as the service says: asked anew when the list has changed. */

import { useEffect, useRef, useState } from "preact/hooks";
import { ask } from "../../api/client";
import { paced } from "../../api/paced";
import type { MissedOut } from "../../api/schema";
import type { Board } from "../../live/board";

/** Callers that are shown: as many as the service tells at once. */
const MOST = 500;

/** Milliseconds between two questions: in a crowd somebody gives up every second, and many look at the list. */
const PAUSE = 2_000;

export interface Missed {
  /** The caller whose first try is oldest comes first. null: there is no answer yet. */
  readonly callers: readonly MissedOut[] | null;
  /** Why the last question failed; null: it did not. */
  readonly failed: unknown;
  readonly again: () => void;
}

export function useMissed(board: Board | null): Missed {
  const [found, setFound] = useState<Omit<Missed, "again">>({ callers: null, failed: null });
  const asking = useRef(() => {});
  useEffect(() => {
    const cut = new AbortController();
    const look = async () => {
      try {
        setFound({ callers: await ask("get", "/api/v1/missed", { query: { limit: MOST } }, cut.signal), failed: null });
      } catch (failed) {
        if (!cut.signal.aborted) setFound((before) => ({ ...before, failed }));
      }
    };
    const often = paced(look, PAUSE);
    asking.current = often.ask;
    return () => {
      often.stop();
      cut.abort();
    };
  }, []);
  const changes = board?.missed.map((one) => one.changes).join();
  const retried = found.failed === null ? 0 : board?.at; // after a failure every news is a reason to ask again
  // biome-ignore lint/correctness/useExhaustiveDependencies: these are what makes it ask anew
  useEffect(() => asking.current(), [changes, retried]);
  return { ...found, again: () => asking.current() };
}
