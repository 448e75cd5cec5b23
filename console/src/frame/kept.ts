/** Choices of the reader that this browser keeps. A browser that keeps nothing is no error. */

import { type Store, store } from "./store";

/** A store that starts with what was kept, if `allowed` has it. */
export function kept<T extends string>(name: string, allowed: readonly T[], otherwise: T): Store<T> {
  const key = `wutong.${name}`;
  const found = read(key);
  const made = store<T>(allowed.find((value) => value === found) ?? otherwise);
  made.follow(() => write(key, made.get()));
  return made;
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // the choice holds until the page is closed
  }
}
