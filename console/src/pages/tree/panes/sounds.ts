/** Plays what a caller hears, one clip after the other. */

import { headers, reach, refusal } from "../../../api/client";
import { store } from "../../../frame/store";

export interface Sound {
  readonly url: string;
  /** The service speaks it when it is asked for, which takes some seconds. */
  readonly unspoken: boolean;
}

/** The address that plays now; null: none. */
export const playing = store<string | null>(null);
/** The address that is being spoken now; null: none. */
export const speaking = store<string | null>(null);

let audio: HTMLAudioElement | null = null;

export function stop(): void {
  audio?.pause();
  audio = null;
  playing.set(null);
  speaking.set(null);
}

/** True: all was played, or somebody stopped it. False: the browser cannot play it. Throws `Refused`, `Unreached`. */
export async function play(sounds: readonly Sound[], language: string): Promise<boolean> {
  stop();
  for (const { url, unspoken } of sounds) {
    const mine = new Audio();
    audio = mine;
    playing.set(url);
    if (unspoken && !(await spoken(url, mine, language))) return true;
    mine.src = url; // with it the browser asks for the sound
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

/** Has the service speak it. False: somebody stopped it meanwhile. */
async function spoken(url: string, mine: HTMLAudioElement, language: string): Promise<boolean> {
  const asked = headers("get");
  asked.set("Accept-Language", language);
  speaking.set(url);
  try {
    const response = await reach(url, { headers: asked });
    if (audio !== mine) return false;
    if (!response.ok) throw await refusal(response);
    speaking.set(null);
    return true;
  } catch (error) {
    if (audio !== mine) return false;
    stop();
    throw error;
  }
}
