/** The microphone for a recording: as it is, without the browser's gain control, which would bring up noise in the pauses. */

import { found } from "../../../phone/devices";
import { devices, look, microphoneChoice } from "../../../phone/sound";

const SOUND: MediaTrackConstraints = { echoCancellation: false, noiseSuppression: true, autoGainControl: false };

/** Bits a second: as good as without any compression. */
const BITS = 256_000;

export type Trouble = "denied" | "missing" | "busy" | "insecure" | "unable";

/** There is no microphone to be had. */
export class NoMicrophone extends Error {
  constructor(readonly trouble: Trouble) {
    super(trouble);
  }
}

export interface Recorder {
  readonly stream: MediaStream;
  /** Ends it. Answers what was heard. */
  readonly stop: () => Promise<Blob>;
}

/** Records from now on. Throws `NoMicrophone`. */
export async function record(): Promise<Recorder> {
  const stream = await opened();
  void look(); // devices have names only now
  const recorder = recorderOf(stream);
  const pieces: Blob[] = [];
  recorder.ondataavailable = ({ data }) => pieces.push(data);
  const over = new Promise<void>((resolve) => {
    recorder.onstop = () => resolve(); // also when the microphone is unplugged
  });
  recorder.start();
  return {
    stream,
    stop: async () => {
      if (recorder.state !== "inactive") recorder.stop();
      await over;
      for (const track of stream.getTracks()) track.stop();
      return new Blob(pieces);
    },
  };
}

function recorderOf(stream: MediaStream): MediaRecorder {
  try {
    return new MediaRecorder(stream, { audioBitsPerSecond: BITS });
  } catch {
    for (const track of stream.getTracks()) track.stop();
    throw new NoMicrophone("unable");
  }
}

async function opened(): Promise<MediaStream> {
  if (navigator.mediaDevices === undefined) throw new NoMicrophone("insecure");
  const choice = microphoneChoice.get();
  const id = (found(choice, devices.get().microphones) ?? choice)?.id;
  try {
    return await navigator.mediaDevices.getUserMedia({
      audio: id === undefined ? SOUND : { ...SOUND, deviceId: { ideal: id } },
    });
  } catch (error) {
    throw new NoMicrophone(troubleOf(error));
  }
}

function troubleOf(error: unknown): Trouble {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "denied";
  return name === "NotReadableError" || name === "AbortError" ? "busy" : "missing";
}
