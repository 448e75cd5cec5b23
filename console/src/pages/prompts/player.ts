/** Plays one prompt at a time. */

import { address } from "../../api/client";
import type { PromptOut } from "../../api/schema";
import { store } from "../../frame/store";

/** What is played of a prompt, and its address. */
export interface Sound {
  readonly id: string;
  readonly url: string;
}

/** What calls hear. */
export function used({ id }: PromptOut): Sound {
  return { id, url: address("/api/v1/prompts/{prompt_id}/sound", { prompt_id: id }) };
}

/** The recording that calls will hear after a reload. */
export function pending({ key, recording }: PromptOut): Sound {
  return { id: `${key} ${recording}`, url: address("/api/v1/prompts/{key}/recording", { key }) };
}

/** The id of the sound that plays, or is being fetched; null: nothing. */
export const playing = store<string | null>(null);

let audio: HTMLAudioElement | null = null;

export function stop(): void {
  audio?.pause();
  audio = null;
  playing.set(null);
}

/** Answers whether it plays, or was stopped before; false: it cannot be played. A browser plays only after a click or a key.
 *
 *  The session's cookie goes with the element's own request. An AudioContext would stop the page while it looks for a
 *  loudspeaker.
 */
export async function play({ id, url }: Sound): Promise<boolean> {
  stop();
  const mine = new Audio(url);
  audio = mine;
  playing.set(id);
  mine.addEventListener("ended", () => {
    if (audio === mine) stop();
  });
  try {
    await mine.play();
  } catch {
    if (audio !== mine) return true;
    stop();
    return false;
  }
  return true;
}
