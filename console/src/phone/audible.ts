/** Whether this page may sound. A browser keeps a page silent until somebody has clicked or pressed a key in it, which nobody
 *  has after a reload.
 */

import { store } from "../frame/store";

/** The page is kept silent: it would ring unheard. */
export const silenced = store(false);

/** Milliseconds that a browser takes at most to start a sound that it allows. */
const STARTS = 1_000;

/** Find out, until it may. Answers how to stop. */
export function watchSilence(): () => void {
  const context = new AudioContext();
  const timer = setTimeout(() => silenced.set(true), STARTS);
  const again = () => void context.resume();
  const stop = () => {
    clearTimeout(timer);
    removeEventListener("pointerup", again);
    removeEventListener("keyup", again);
    silenced.set(false);
    if (context.state !== "closed") void context.close();
  };
  const look = () => {
    if (context.state === "running") stop();
  };
  context.onstatechange = look;
  addEventListener("pointerup", again);
  addEventListener("keyup", again);
  look();
  return stop;
}
