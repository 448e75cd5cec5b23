/** A value that components follow. */

import { useLayoutEffect, useRef, useState } from "preact/hooks";

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

/** The store's value now; the component is drawn again when it changes. It listens as soon as it is drawn: a plain effect
 *  runs only after the next frame, and a change before that would never be shown. */
export function useStore<T>(followed: Store<T>): T {
  const [, redraw] = useState({});
  const drawn = useRef(followed.get());
  drawn.current = followed.get();
  useLayoutEffect(() => {
    const stop = followed.follow(() => redraw({}));
    if (!Object.is(drawn.current, followed.get())) redraw({});
    return stop;
  }, [followed]);
  return drawn.current;
}
