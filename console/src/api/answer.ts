/** What the service answers to a reading, for a component. */

import { useCallback, useEffect, useState } from "preact/hooks";

export interface Answered<T> {
  /** The last answer; null: there is none yet. */
  readonly answer: T | null;
  /** What hindered the last try; null: nothing. */
  readonly error: unknown;
  /** Whether an answer is being waited for. */
  readonly busy: boolean;
  /** Ask again. */
  readonly again: () => void;
}

/** Asks when the component is there first, whenever one of `inputs` changes, and when it is told to. */
export function useAnswer<T>(read: (signal: AbortSignal) => Promise<T>, inputs: readonly unknown[]): Answered<T> {
  const [answer, setAnswer] = useState<T | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(true);
  const [turn, setTurn] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `inputs` are what `read` needs
  useEffect(() => {
    const cut = new AbortController();
    setBusy(true);
    read(cut.signal).then(
      (found) => {
        if (cut.signal.aborted) return;
        setAnswer(() => found);
        setError(null);
        setBusy(false);
      },
      (why: unknown) => {
        if (cut.signal.aborted) return;
        setError(why);
        setBusy(false);
      },
    );
    return () => cut.abort();
  }, [...inputs, turn]);
  const again = useCallback(() => setTurn((count) => count + 1), []);
  return { answer, error, busy, again };
}
