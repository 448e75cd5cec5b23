/** Plays what a caller hears, one clip after the other. */

import { store } from "../../../frame/store";

/** The address that plays now; null: none. */
export const playing = store<string | null>(null);

let audio: HTMLAudioElement | null = null;

export function stop(): void {
  audio?.pause();
  audio = null;
  playing.set(null);
}

/** True: all was played, or somebody stopped it. False: the browser cannot play it. */
export async function play(sounds: readonly string[]): Promise<boolean> {
  stop();
  for (const url of sounds) {
    const mine = new Audio(url);
    audio = mine;
    playing.set(url);
    const ended = new Promise<boolean>((resolve) => {
      mine.addEventListener("ended", () => resolve(true), { once: true });
      mine.addEventListener("pause", () => resolve(true), { once: true });
      mine.addEventListener("error", () => resolve(false), { once: true });
    });
    const begun = await mine.play().then(
      () => true,
      () => false,
    );
    const whole = begun && (await ended);
    if (audio !== mine) return true;
    if (!whole) {
      stop();
      return false;
    }
  }
  stop();
  return true;
}
