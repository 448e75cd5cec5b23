/** SIP over WebSocket, by JsSIP: tells the machine what happens, and does what it says. It decides nothing. */

import JsSIP from "jssip";
import type { RTCSession } from "jssip/lib/RTCSession";
import type { IncomingRTCSessionEvent } from "jssip/lib/UA";
import { hurry, ownCopy, silent } from "./media";
import type { Event } from "./model";
import { remembered } from "./talked";

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
/** The most seconds between two attempts to connect again: a talk may wait for it. */
const CONNECT_AGAIN = 1;
/** Milliseconds after which a connection that broke in a call is made again, once; then every CONNECT_AGAIN. */
const HURRY = 100;
/** By this header Asterisk says that the caller talks with this agent and waits for the browser to be back. */
const BACK = "X-Wutong-Back";

export class Sip {
  readonly #ua: InstanceType<typeof JsSIP.UA>;
  readonly #tell: (event: Event) => void;
  readonly #calls = new Map<string, RTCSession>();
  readonly #ear = new Audio();
  #left = false;
  #hurried = false;

  constructor(account: Account, tell: (event: Event) => void) {
    this.#tell = (event) => {
      if (!this.#left || event.kind === "ended") tell(event);
    };
    const { hostname } = location;
    this.#ear.autoplay = true;
    const socket = new JsSIP.WebSocketInterface(websocket(account.port));
    this.#ua = new JsSIP.UA({
      sockets: [socket],
      uri: `sip:${account.user}@${hostname}`,
      password: account.password,
      register_expires: EXPIRES,
      session_timers: false,
      connection_recovery_min_interval: 1,
      connection_recovery_max_interval: CONNECT_AGAIN,
    });
    this.#ua.on("registered", () => {
      this.#hurried = false;
      this.#tell({ kind: "registered" });
      this.#listenToAll();
    });
    this.#ua.on("registrationFailed", ({ response }) => {
      const refused = response?.status_code === 401 || response?.status_code === 403;
      this.#tell({ kind: refused ? "refused" : "lost" });
      if (!refused) setTimeout(() => this.#registerAgain(), AGAIN);
    });
    this.#ua.on("disconnected", () => {
      this.#tell({ kind: "lost" });
      if (this.#hurried || this.#left || this.#calls.size === 0) return;
      this.#hurried = true; // if this fails, JsSIP goes on by itself
      setTimeout(() => this.#left || socket.connect(), HURRY);
    });
    this.#ua.on("newRTCSession", (event: IncomingRTCSessionEvent) => {
      if (event.originator === "remote") this.#comes(event);
    });
    addEventListener("pagehide", this.#vanishAll);
    addEventListener("online", this.#listenToAll);
    this.#ua.start();
  }

  /** The element in which the other side is heard. */
  get ear(): HTMLAudioElement {
    return this.#ear;
  }

  /** The page goes, and its calls with it. */
  readonly #vanishAll = (): void => {
    for (const id of this.#calls.keys()) this.vanish(id);
  };

  /** The call ends as that of a phone that is gone: the caller is kept, and rings here again as soon as there is a page. */
  vanish(id: string): void {
    const call = this.#calls.get(id);
    if (call?.isEstablished()) call.terminate({ extraHeaders: ["Reason: Q.850;cause=18"] });
    else call?.terminate({ status_code: 480, extraHeaders: ["Reason: Q.850;cause=20"] });
  }

  /** After the connection was made again, or the network changed: whether audio still comes. */
  readonly #listenToAll = (): void => {
    for (const [id, call] of this.#calls) if (call.isEstablished()) void this.#listenTo(id, call);
  };

  async #listenTo(id: string, call: RTCSession): Promise<void> {
    if ((await silent(call.connection)) && this.#calls.get(id) === call && this.#ua.isConnected())
      this.#tell({ kind: "cut", id });
  }

  /** JsSIP itself would wait for the next connection. */
  #registerAgain(): void {
    if (!this.#left && this.#ua.isConnected() && !this.#ua.isRegistered()) this.#ua.register();
  }

  leave(): void {
    this.#left = true;
    removeEventListener("pagehide", this.#vanishAll);
    removeEventListener("online", this.#listenToAll);
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
    const before = request.hasHeader(BACK) ? remembered() : null;
    this.#tell({ kind: "rang", id, number: request.from.uri.user, words: request.from.display_name, before });
  }

  #listen(connection: RTCPeerConnection): void {
    connection.addEventListener("iceconnectionstatechange", () => {
      if (connection.iceConnectionState === "disconnected") this.#listenToAll();
    });
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
