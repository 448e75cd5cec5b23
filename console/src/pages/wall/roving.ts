/** One element of a list is in the order of Tab; arrow keys lead to the others. */

import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";
import { next } from "./steps";

/** `name`: of the `data-` attribute that the elements have, with an id in it. Answers the id that had the focus last. */
export function useRoving(list: RefObject<HTMLElement | null>, name: string): string | null {
  const [at, setAt] = useState<string | null>(null);
  useEffect(() => {
    const element = list.current;
    if (element === null) return;
    const focused = (event: FocusEvent) => {
      if (event.target instanceof HTMLElement) setAt(event.target.dataset[name] ?? null);
    };
    const pressed = (event: KeyboardEvent) => {
      const all = [...element.querySelectorAll<HTMLElement>(`button[data-${name}]`)];
      const here = all.indexOf(document.activeElement as HTMLElement);
      const perRow = all.filter((one) => top(one) === top(all[0])).length;
      const there = next(event.key, here, all.length, perRow);
      if (here < 0 || there === here) return;
      event.preventDefault();
      all[there]?.focus();
    };
    element.addEventListener("focusin", focused);
    element.addEventListener("keydown", pressed);
    return () => {
      element.removeEventListener("focusin", focused);
      element.removeEventListener("keydown", pressed);
    };
  }, [list, name]);
  return at;
}

function top(element: HTMLElement | undefined): number | undefined {
  return element?.getBoundingClientRect().top;
}
