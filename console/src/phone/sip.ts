/** SIP over WebSocket, by JsSIP: tells the machine what happens, and does what it says. It decides nothing. */

import JsSIP from "jssip";
import type { OutgoingEvent, RTCSession } from "jssip/lib/RTCSession";
import type { IncomingRTCSessionEvent, OutgoingRTCSessionEvent } from "jssip/lib/UA";
import { type Account, websocket } from "./account";
import type { Event, Why } from "./model";
import { ask, Holds, hurry, ownCopy, reason, refer, replaceTracks } from "./sessions";

/** Seconds after which the registration is renewed at the latest: then a browser that was replaced learns of it. */
const EXPIRES = 60;
/** Milliseconds until a registration that failed is tried again. */
const AGAIN = 2_000;

export class Sip {
  readonly #ua: InstanceType<typeof JsSIP.UA>;
  readonly #tell: (event: Event) => void;
  readonly #calls = new Map<string, RTCSession>();
  readonly #account: Account;
  readonly #holds = new Holds();
  /** What the other side of each call says. */
  readonly #heard = new Map<string, MediaStream>();
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
    this.#ua.on("newRTCSession", (event: IncomingRTCSessionEvent | OutgoingRTCSessionEvent) => {
      if (event.originator === "remote") this.#comes(event as IncomingRTCSessionEvent);
      else this.#goes(event.session);
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
    ask(this.#ua, `sip:${this.#account.user}@${location.hostname}`, answered);
  }

  /** Another microphone, or the same one anew. Muted stays muted. */
  speakInto(microphone: MediaStream): void {
    for (const call of this.#calls.values()) replaceTracks(call, microphone);
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
    if (call !== undefined) this.#holds.set(call, on);
  }

  /** Make a second call. */
  dial(number: string, microphone: MediaStream): void {
    this.#ua.call(number, { mediaStream: ownCopy(microphone), pcConfig: { iceServers: [] } });
  }

  /** Send the other side of a call on: to that number, or to the other side of the call `other`. */
  send(id: string, number: string | null, other = ""): void {
    refer(this.#calls.get(id), number ?? this.#calls.get(other), (there) =>
      this.#tell({ kind: there ? "transferred" : "transfer-refused" }),
    );
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
    session.on("peerconnection", ({ peerconnection }) => this.#listen(session.id, peerconnection));
    this.#follow(session);
    this.#tell({ kind: "rang", id: session.id, number: request.from.uri.user, words: request.from.display_name });
  }

  #goes(session: RTCSession): void {
    this.#listen(session.id, session.connection);
    this.#follow(session);
    session.on("progress", ({ response }: OutgoingEvent) =>
      this.#tell({ kind: "rings", id: session.id, audible: Boolean(response.body) }),
    );
    this.#tell({ kind: "called", id: session.id });
  }

  #follow(session: RTCSession): void {
    const { id } = session;
    this.#calls.set(id, session);
    session.on("icecandidate", hurry());
    session.on("confirmed", () => this.#tell({ kind: "talks", id }));
    session.on("hold", ({ originator }) => originator === "local" && this.#tell({ kind: "held", id, on: true }));
    session.on("unhold", ({ originator }) => {
      if (originator !== "local") return;
      this.#hear(id);
      this.#tell({ kind: "held", id, on: false });
    });
    session.on("muted", () => this.#tell({ kind: "muted", id, on: true }));
    session.on("unmuted", () => this.#tell({ kind: "muted", id, on: false }));
    const over = (why: Why) => {
      this.#calls.delete(id);
      this.#heard.delete(id);
      for (const sender of session.connection?.getSenders() ?? []) sender.track?.stop();
      this.#tell({ kind: "ended", id, why });
    };
    session.on("ended", () => over("ended"));
    session.on("failed", (event) => over(reason(event)));
  }

  #listen(id: string, connection: RTCPeerConnection): void {
    connection.addEventListener("track", ({ streams: [stream] }) => {
      if (stream === undefined) return;
      this.#heard.set(id, stream);
      this.#hear(id);
    });
  }

  /** One ear for two calls: the other one hears music, and says nothing. */
  #hear(id: string): void {
    const stream = this.#heard.get(id);
    if (stream === undefined) return;
    this.#ear.srcObject = stream;
    void this.#ear.play().catch(() => {}); // `autoplay` tries again
  }
}
