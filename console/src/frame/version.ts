/** Whether the service has another console by now. It is asked whenever a lost connection is back: an update restarts the
 *  service. */

import { reach } from "../api/client";
import { lost } from "../live/live";
import { place } from "./place";
import { store } from "./store";

export const outdated = store(false);

/** A screen that nobody sits at loads itself anew. Elsewhere the reader is told, and decides when. */
export function watchVersion(): void {
  let away = false;
  lost.follow(() => {
    const back = away && lost.get() === null;
    away = lost.get() !== null;
    if (back) void check();
  });
  outdated.follow(() => {
    if (outdated.get() && place.get().query.has("big")) location.reload();
  });
}

async function check(): Promise<void> {
  const own = document.querySelector('script[type="module"]')?.getAttribute("src");
  try {
    const response = await reach("/", {});
    if (own && response.ok) outdated.set(!(await response.text()).includes(own));
  } catch {
    // the next time
  }
}
