/** The microphone, open as long as the phone is: so it is known at once when it does not hear. */

import type { Microphone } from "./model";

const SOUND: MediaTrackConstraints = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

export class Ears {
  readonly #tell: (now: Microphone) => void;
  #stream: MediaStream | null = null;
  #closed = false;

  constructor(tell: (now: Microphone) => void) {
    this.#tell = tell;
    navigator.mediaDevices?.addEventListener("devicechange", this.#again);
    void navigator.permissions
      ?.query({ name: "microphone" as PermissionName })
      .then((permission) => {
        permission.onchange = this.#again;
      })
      .catch(() => {}); // a browser that does not tell
    void this.#open();
  }

  get stream(): MediaStream | null {
    return this.#stream;
  }

  close(): void {
    this.#closed = true;
    navigator.mediaDevices?.removeEventListener("devicechange", this.#again);
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
  }

  readonly #again = (): void => {
    if (this.#closed || this.#stream?.getAudioTracks().some((track) => track.readyState === "live")) return;
    void this.#open();
  };

  async #open(): Promise<void> {
    // Without https a browser has no microphone.
    const opened = navigator.mediaDevices?.getUserMedia({ audio: SOUND }) ?? Promise.reject(new Error("no microphone"));
    try {
      const stream = await opened;
      if (this.#closed) {
        for (const track of stream.getTracks()) track.stop();
        return;
      }
      this.#stream = stream;
      for (const track of stream.getAudioTracks()) this.#watch(track);
      this.#tell("hears");
    } catch (error) {
      if (!this.#closed)
        this.#tell(error instanceof DOMException && error.name === "NotAllowedError" ? "denied" : "missing");
    }
  }

  #watch(track: MediaStreamTrack): void {
    track.onmute = () => this.#say("asleep");
    track.onunmute = () => this.#say("hears");
    track.onended = () => {
      this.#say("missing");
      this.#again(); // another one, or why there is none
    };
    if (track.muted) this.#say("asleep");
  }

  #say(now: Microphone): void {
    if (!this.#closed) this.#tell(now);
  }
}
