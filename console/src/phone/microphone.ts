/** The microphone, open as long as the phone is: so it is known at once when it does not hear. */

import { found } from "./devices";
import type { Microphone } from "./model";
import { devices, heard, look, microphoneChoice } from "./sound";

const SOUND: MediaTrackConstraints = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

export class Ears {
  readonly #tell: (now: Microphone) => void;
  readonly #stop: () => void;
  #stream: MediaStream | null = null;
  #closed = false;
  /** Counts openings: only the last one counts. */
  #opening = 0;

  constructor(tell: (now: Microphone) => void) {
    this.#tell = tell;
    this.#stop = microphoneChoice.follow(() => void this.#open());
    navigator.mediaDevices?.addEventListener("devicechange", this.#again);
    void navigator.permissions
      ?.query({ name: "microphone" as PermissionName })
      .then((permission) => {
        permission.onchange = this.#again;
      })
      .catch(() => {}); // a browser that does not say
    void this.#open();
  }

  get stream(): MediaStream | null {
    return this.#stream;
  }

  close(): void {
    this.#closed = true;
    this.#stop();
    navigator.mediaDevices?.removeEventListener("devicechange", this.#again);
    this.#take(null);
  }

  readonly #again = (): void => void this.#lookAgain();

  /** Another one is opened when this one is gone, or when the chosen one is there again. */
  async #lookAgain(): Promise<void> {
    await look();
    if (this.#closed) return;
    const live = this.#live();
    const chosen = found(microphoneChoice.get(), devices.get().microphones);
    if (live === undefined || (chosen !== null && chosen.id !== live.getSettings().deviceId)) await this.#open();
  }

  async #open(): Promise<void> {
    this.#opening += 1;
    const opening = this.#opening;
    const late = () => this.#closed || opening !== this.#opening;
    // Without https a browser has no microphone.
    const opened =
      navigator.mediaDevices?.getUserMedia({ audio: wanted() }) ?? Promise.reject(new Error("no microphone"));
    try {
      const stream = await opened;
      if (late()) {
        silence(stream);
        return;
      }
      this.#take(stream);
      for (const track of stream.getAudioTracks()) this.#watch(track);
      this.#tell(stream.getAudioTracks().some(({ muted }) => muted) ? "asleep" : "hears");
      await look(); // names are known only now
    } catch (error) {
      if (late() || this.#live() !== undefined) return; // the one that is open goes on
      this.#take(null);
      this.#tell(error instanceof DOMException && error.name === "NotAllowedError" ? "denied" : "missing");
    }
  }

  #live(): MediaStreamTrack | undefined {
    return this.#stream?.getAudioTracks().find((track) => track.readyState === "live");
  }

  #take(stream: MediaStream | null): void {
    silence(this.#stream);
    this.#stream = stream;
    heard.set(stream);
  }

  #watch(track: MediaStreamTrack): void {
    track.onmute = () => this.#say("asleep", track);
    track.onunmute = () => this.#say("hears", track);
    track.onended = () => {
      this.#say("missing", track);
      this.#again(); // another one, or why there is none
    };
  }

  /** What a track reports that is not used any more is of no interest. */
  #say(now: Microphone, track: MediaStreamTrack): void {
    if (!this.#closed && this.#stream?.getAudioTracks().includes(track)) this.#tell(now);
  }
}

/** The chosen one, or any other where that is not there. */
function wanted(): MediaTrackConstraints {
  const choice = microphoneChoice.get();
  if (choice === null) return SOUND;
  const { id } = found(choice, devices.get().microphones) ?? choice;
  return { ...SOUND, deviceId: { ideal: id } };
}

function silence(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
