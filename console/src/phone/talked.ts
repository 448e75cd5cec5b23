/** How the talk of this tab is, kept over a page that is loaded anew. A browser that keeps nothing is no error. */

import type { Before, Call } from "./model";

const KEY = "wutong.talk";

export function remember({ stage, muted, held, before }: Call): void {
  if (stage !== "talking" || before !== null) return;
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ muted, held }));
  } catch {
    // a page that is loaded anew is neither muted nor on hold
  }
}

export function remembered(): Before {
  try {
    const { muted, held } = JSON.parse(sessionStorage.getItem(KEY) ?? "{}") as Partial<Before>;
    return { muted: muted === true, held: held === true };
  } catch {
    return { muted: false, held: false };
  }
}
