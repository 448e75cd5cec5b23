/** The microphone and the loudspeakers of this computer: what there is, and what the agent has chosen. This browser keeps it. */

import { keptValue } from "../frame/kept";
import { type Store, store } from "../frame/store";
import { type Choice, type Device, type Devices, found, isChoice, NONE, sorted } from "./devices";

export const devices = store<Devices>(NONE);

export const microphoneChoice = keptValue<Choice>("microphone", isChoice, null);
/** Where the caller is heard. */
export const earChoice = keptValue<Choice>("ear", isChoice, null);
/** Where it rings: people ring on the loudspeaker and talk in the headset. */
export const ringChoice = keptValue<Choice>("ring", isChoice, null);

/** The microphone that was tested last, by its label, as the system's own choice has always the same id; "": none. */
export const tested = keptValue("tested", (value): value is string => typeof value === "string", "");

/** What the open microphone gives; null: none is open. */
export const heard = store<MediaStream | null>(null);

/** The microphone that is used, where the browser says which. */
export function used(stream: MediaStream | null): Device | null {
  const track = stream?.getAudioTracks()[0];
  const id = track?.getSettings().deviceId;
  return track === undefined || id === undefined ? null : { id, label: track.label };
}

/** Ask the browser which devices there are. It says their names once the microphone is allowed. */
export async function look(): Promise<void> {
  // Without https a browser has no devices.
  devices.set(sorted((await navigator.mediaDevices?.enumerateDevices()) ?? []));
}

/** The chosen loudspeaker as `setSinkId` wants it; the system's own where the chosen one is not there. */
export function speaker(choice: Store<Choice>): string {
  return found(choice.get(), devices.get().speakers)?.id ?? "";
}

/** Something that gives sound. Firefox has no `setSinkId` on an AudioContext, Safari on neither. */
type Outlet = { setSinkId?: (id: string) => Promise<void> };

/** Whether this browser can send the caller and the ring tone to different devices. */
export const divides: boolean = typeof AudioContext === "function" && "setSinkId" in AudioContext.prototype;

/** Let it sound there. A device that is gone in this moment is no error: then it is the system's. */
export async function routed<T extends object>(outlet: T, device: string): Promise<T> {
  await (outlet as Outlet).setSinkId?.(device).catch(() => {});
  return outlet;
}
