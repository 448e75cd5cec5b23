/** SIP over WebSocket, by JsSIP: tells the machine what happens, and does what it says. It decides nothing. */

import JsSIP from "jssip";
import type { RTCSession } from "jssip/lib/RTCSession";
import type { IncomingRTCSessionEvent } from "jssip/lib/UA";
import type { Event } from "./model";

export interface Account {
  user: string;
  password: string;
  /** The port of Asterisk's WebSocket; null: the page's own, where a reverse proxy has it. */
  port: number | null;
}

/** Seconds after which the registration is renewed at the latest: then a browser that was replaced learns of it. */
const EXPIRES = 60;
/** Milliseconds until a registration that failed is tried again. */
const AGAIN = 2_000;
/** Milliseconds without a new candidate of ours after which the answer goes out. No server is asked for any. */
const CANDIDATES = 50;

/** What JsSIP's types leave out. */
interface Asking {
  sendOptions(
    target: string,
    body: undefined,
    options: { eventHandlers: { succeeded: () => void; failed: (told: { originator: string }) => void } },
  ): void;
}

export class Sip {
  readonly #ua: InstanceType<typeof JsSIP.UA>;
  readonly #tell: (event: Event) => void;
  readonly #calls = new Map<string, RTCSession>();
  readonly #account: Account;
  readonly #ear = new Audio();
  #left = false;

  constructor(account: Account, tell: (event: Event) => void) {
    this.#tell = (event) => {
      if (!this.#left || event.kind === "ended") tell(event);
    };
    this.#account = account;
    const { hostname } = location;
    this.#ear.autoplay = true;
    this.#ua = new JsSIP.UA({
      sockets: [new JsSIP.WebSocketInterface(websocket(account.port))],
      uri: `sip:${account.user}@${hostname}`,
      password: account.password,
      register_expires: EXPIRES,
      session_timers: false,
      connection_recovery_min_interval: 1,
      connection_recovery_max_interval: 4,
    });
    this.#ua.on("registered", () => this.#tell({ kind: "registered" }));
    this.#ua.on("registrationFailed", ({ response }) => {
      const refused = response?.status_code === 401 || response?.status_code === 403;
      this.#tell({ kind: refused ? "refused" : "lost" });
      if (!refused) setTimeout(() => this.#registerAgain(), AGAIN);
    });
    this.#ua.on("disconnected", () => this.#tell({ kind: "lost" }));
    this.#ua.on("newRTCSession", (event: IncomingRTCSessionEvent) => {
      if (event.originator === "remote") this.#comes(event);
    });
    addEventListener("pagehide", this.#vanish);
    this.#ua.start();
  }

  /** The element in which the other side is heard. */
  get ear(): HTMLAudioElement {
    return this.#ear;
  }

  /** The page goes, and its calls with it. Each ends as that of a phone that is gone: the caller comes back to the front of
   *  the queue, and rings here again as soon as there is a page.
   */
  readonly #vanish = (): void => {
    for (const call of this.#calls.values()) {
      if (call.isEstablished()) call.terminate({ extraHeaders: ["Reason: Q.850;cause=18"] });
      else call.terminate({ status_code: 480, extraHeaders: ["Reason: Q.850;cause=20"] });
    }
  };

  /** JsSIP itself would wait for the next connection. */
  #registerAgain(): void {
    if (!this.#left && this.#ua.isConnected() && !this.#ua.isRegistered()) this.#ua.register();
  }

  /** Ask Asterisk for an answer, whichever. On one connection everything that was said before comes before. */
  ask(answered: () => void): void {
    const { user } = this.#account;
    (this.#ua as unknown as Asking).sendOptions(`sip:${user}@${location.hostname}`, undefined, {
      eventHandlers: { succeeded: answered, failed: ({ originator }) => originator === "remote" && answered() },
    });
  }

  /** Another microphone, or the same one anew. Muted stays muted. */
  speakInto(microphone: MediaStream): void {
    for (const call of this.#calls.values()) {
      for (const sender of call.connection?.getSenders() ?? []) {
        const [fresh, stale] = [ownCopy(microphone).getAudioTracks()[0], sender.track];
        if (fresh === undefined || stale === null) continue;
        fresh.enabled = stale.enabled;
        void sender.replaceTrack(fresh).then(() => stale.stop());
      }
    }
  }

  leave(): void {
    this.#left = true;
    removeEventListener("pagehide", this.#vanish);
    this.#ua.stop();
  }

  answer(id: string, microphone: MediaStream): void {
    this.#calls.get(id)?.answer({ mediaStream: ownCopy(microphone), pcConfig: { iceServers: [] } });
  }

  /** Decline it or hang up, whichever it is. */
  end(id: string): void {
    const call = this.#calls.get(id);
    if (call === undefined || call.isEnded()) return;
    // Without a reason Asterisk would tell cause 0.
    call.terminate(
      call.isEstablished()
        ? { extraHeaders: ["Reason: Q.850;cause=16"] }
        : { status_code: 603, reason_phrase: "Decline" },
    );
  }

  hold(id: string, on: boolean): void {
    const call = this.#calls.get(id);
    if (on) call?.hold();
    else call?.unhold();
  }

  mute(id: string, on: boolean): void {
    const call = this.#calls.get(id);
    if (on) call?.mute({ audio: true });
    else call?.unmute({ audio: true });
  }

  key(id: string, key: string): void {
    this.#calls.get(id)?.sendDTMF(key, { transportType: JsSIP.C.DTMF_TRANSPORT.RFC2833, duration: 120 });
  }

  #comes({ session, request }: IncomingRTCSessionEvent): void {
    const { id } = session;
    this.#calls.set(id, session);
    session.on("peerconnection", ({ peerconnection }) => this.#listen(peerconnection));
    session.on("icecandidate", hurry());
    session.on("confirmed", () => this.#tell({ kind: "talks", id }));
    session.on("hold", ({ originator }) => originator === "local" && this.#tell({ kind: "held", id, on: true }));
    session.on("unhold", ({ originator }) => originator === "local" && this.#tell({ kind: "held", id, on: false }));
    session.on("muted", () => this.#tell({ kind: "muted", id, on: true }));
    session.on("unmuted", () => this.#tell({ kind: "muted", id, on: false }));
    const over = () => {
      this.#calls.delete(id);
      for (const sender of session.connection?.getSenders() ?? []) sender.track?.stop();
      this.#tell({ kind: "ended", id });
    };
    session.on("ended", over);
    session.on("failed", over);
    this.#tell({ kind: "rang", id, number: request.from.uri.user, words: request.from.display_name });
  }

  #listen(connection: RTCPeerConnection): void {
    connection.addEventListener("track", ({ streams: [stream] }) => {
      if (stream === undefined) return;
      this.#ear.srcObject = stream;
      void this.#ear.play().catch(() => {}); // `autoplay` tries again
    });
  }
}

function websocket(port: number | null): string {
  const { protocol, hostname, host } = location;
  return `${protocol === "https:" ? "wss" : "ws"}://${port === null ? host : `${hostname}:${port}`}/ws`;
}

/** A call mutes and ends its own track, and not the microphone's. */
function ownCopy(microphone: MediaStream): MediaStream {
  return new MediaStream(microphone.getAudioTracks().map((track) => track.clone()));
}

/** Answers when no candidate has come for a moment: the browser itself would wait for one of each network. */
function hurry(): (event: { ready: () => void }) => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return ({ ready }) => {
    clearTimeout(timer);
    timer = setTimeout(ready, CANDIDATES);
  };
}
