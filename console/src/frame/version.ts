/** Whether the service has a newer console. It is asked each time that a lost connection is back, as an update restarts the
 *  service. */

import { reach } from "../api/client";
import { lost } from "../live/live";
import { place } from "./place";
import { store } from "./store";

export const outdated = store(false);

/** A big screen loads itself anew. At any other page the reader sees it, and decides when. */
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
