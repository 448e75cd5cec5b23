/** Where the reader is: the address, followed without loading the page anew. */

import { store } from "./store";

export interface Place {
  readonly path: string;
  readonly query: URLSearchParams;
}

const here = (): Place => ({ path: location.pathname, query: new URLSearchParams(location.search) });

export const place = store<Place>(here());

addEventListener("popstate", () => place.set(here()));

export function go(address: string): void {
  history.pushState(null, "", address);
  place.set(here());
}

/** The same page, without what was looked for there. */
export function forgetQuery(): void {
  history.replaceState(null, "", location.pathname);
  place.set(here());
}

/** For `onClick` of a link: a plain click stays in this page, any other does what the browser does. */
export function followLink(event: MouseEvent): void {
  const link = event.currentTarget;
  if (!(link instanceof HTMLAnchorElement) || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  go(link.pathname + link.search);
}
