/** A value that components follow. */

import { useEffect, useState } from "preact/hooks";

export interface Store<T> {
  get(): T;
  set(value: T): void;
  /** Answers how to stop. */
  follow(listener: () => void): () => void;
}

export function store<T>(first: T): Store<T> {
  let value = first;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const listener of [...listeners]) listener();
    },
    follow(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The store's value now; the component is drawn again when it changes. */
export function useStore<T>(followed: Store<T>): T {
  const [, redraw] = useState({});
  useEffect(() => {
    const before = followed.get();
    const stop = followed.follow(() => redraw({}));
    if (!Object.is(before, followed.get())) redraw({});
    return stop;
  }, [followed]);
  return followed.get();
}
