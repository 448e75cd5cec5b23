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

/** As `kept`, for what is no word of a few: as JSON, if `known` knows it again. */
export function keptValue<T>(name: string, known: (value: unknown) => value is T, otherwise: T): Store<T> {
  const key = `wutong.${name}`;
  const found = parsed(read(key));
  const made = store<T>(known(found) ? found : otherwise);
  made.follow(() => write(key, JSON.stringify(made.get())));
  return made;
}

function parsed(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
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
