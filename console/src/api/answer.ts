/** What the service answers to a reading, for a component. */

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { paced } from "./paced";

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

export interface Paced<T> {
  /** What is asked about; another one drops the answer. */
  key: string;
  read: (signal: AbortSignal) => Promise<T>;
  /** Milliseconds from an answer to the next question, at least. */
  pause: number;
  /** Another value is a reason to ask again. */
  changes: string | undefined;
  /** After a failure, so is another value of this. */
  news: number | undefined;
}

/** As `useAnswer`, for what changes often and is asked about seldom. */
export function usePacedAnswer<T>({ key, read, pause, changes, news }: Paced<T>): Omit<Answered<T>, "busy"> {
  const [found, setFound] = useState<{ answer: T | null; error: unknown }>({ answer: null, error: null });
  const asking = useRef(() => {});
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` is what `read` needs
  useEffect(() => {
    const cut = new AbortController();
    const look = async () => {
      try {
        const answer = await read(cut.signal);
        setFound({ answer, error: null });
      } catch (error) {
        if (!cut.signal.aborted) setFound((before) => ({ ...before, error }));
      }
    };
    const often = paced(look, pause);
    asking.current = often.ask;
    return () => {
      often.stop();
      cut.abort();
      setFound({ answer: null, error: null });
    };
  }, [key]);
  const retried = found.error === null ? 0 : news;
  // biome-ignore lint/correctness/useExhaustiveDependencies: these are what makes it ask anew
  useEffect(() => asking.current(), [key, changes, retried]);
  const again = useCallback(() => asking.current(), []);
  return { ...found, again };
}
