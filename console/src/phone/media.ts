/** The audio of a call: its microphone, its ways, and whether it comes. */

import type { RTCSession } from "jssip/lib/RTCSession";

/** Milliseconds without a new candidate of ours after which the answer goes out. No server is asked for any. */
const CANDIDATES = 50;
/** Milliseconds without a packet after which a talk has no audio. Asterisk and a caller's phone send 50 a second. */
const SILENCE = 400;

/** A call mutes and ends its own track, and not the microphone's. */
export function ownCopy(microphone: MediaStream): MediaStream {
  return new MediaStream(microphone.getAudioTracks().map((track) => track.clone()));
}

/** Another microphone, or the same one anew. Muted stays muted. */
export function replaceTracks(call: RTCSession, microphone: MediaStream): void {
  for (const sender of call.connection?.getSenders() ?? []) {
    const [fresh, stale] = [ownCopy(microphone).getAudioTracks()[0], sender.track];
    if (fresh === undefined || stale === null) continue;
    fresh.enabled = stale.enabled;
    void sender.replaceTrack(fresh).then(() => stale.stop());
  }
}

/** Answers when no candidate has come for a moment: the browser itself would wait for one of each network. */
export function hurry(): (event: { ready: () => void }) => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return ({ ready }) => {
    clearTimeout(timer);
    timer = setTimeout(ready, CANDIDATES);
  };
}

/** Whether nothing comes from the other side for a moment. */
export async function silent(connection: RTCPeerConnection): Promise<boolean> {
  const before = await bytes(connection);
  await new Promise((resolve) => setTimeout(resolve, SILENCE));
  return (await bytes(connection)) === before;
}

/** How many bytes have come from the other side so far, of whatever kind. */
async function bytes(connection: RTCPeerConnection): Promise<number> {
  let sum = 0;
  for (const each of (await connection.getStats()).values()) if (each.type === "transport") sum += each.bytesReceived;
  return sum;
}
