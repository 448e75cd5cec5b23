import { useCallback, useMemo, useRef, useState } from "preact/hooks";
import { useStore } from "../../frame/store";
import { type InUse, keptDraft, settled, written } from "./draft";
import type { Draft, FileName } from "./model";

export interface Drafting {
  /** What is edited: the draft, or what is in use as long as nothing is changed. */
  readonly draft: Draft;
  /** Null: nothing is changed. */
  readonly kept: Draft | null;
  /** The draft at the moment of the call; `draft` is that of the last drawing. */
  readonly current: () => Draft;
  readonly write: (file: FileName, text: string) => void;
  /** Back to what is in use. */
  readonly reset: () => void;
  /** Brings back the draft that was put away last; null: there is none. */
  readonly bringBack: (() => void) | null;
  /** The person has seen what others published, and goes on with the draft. */
  readonly keepOver: () => void;
}

/** The draft of a person in this browser. */
export function useDraft(person: string, inUse: InUse): Drafting {
  const store = useMemo(() => keptDraft(person), [person]);
  const kept = settled(useStore(store), inUse);
  const [away, setAway] = useState<Draft | null>(null);
  const now = useRef(inUse);
  now.current = inUse;
  const current = useCallback(() => settled(store.get(), now.current) ?? now.current, [store]);
  const write = useCallback(
    (file: FileName, text: string) => store.set(written(settled(store.get(), now.current), now.current, file, text)),
    [store],
  );
  const reset = () => {
    setAway(kept);
    store.set(null);
  };
  const bringBack = () => {
    store.set(away);
    setAway(null);
  };
  return {
    draft: kept ?? inUse,
    kept,
    current,
    write,
    reset,
    bringBack: away === null || kept !== null ? null : bringBack,
    keepOver: () => kept !== null && store.set({ ...kept, version: inUse.version, etag: inUse.etag }),
  };
}
