/** SIP over WebSocket, by JsSIP: tells the machine what happens, and does what it says. It decides nothing. */

import JsSIP from "jssip";
import type { RTCSession } from "jssip/lib/RTCSession";
import type { IncomingRTCSessionEvent, OutgoingRTCSessionEvent } from "jssip/lib/UA";
import { type Account, userAgent, websocket } from "./account";
import { Ear } from "./ear";
import { hurry, ownCopy, replaceTracks, silent } from "./media";
import type { Event } from "./model";
import { ask, Holds, hangUp, leaveOff, refer } from "./sessions";
import { remembered } from "./talked";

/** Milliseconds until a registration that failed is tried again. */
const AGAIN = 2_000;
/** Milliseconds after which a connection that broke in a call is made again, once; then every second. */
const HURRY = 100;
/** By this header Asterisk says that the caller talks with this agent and waits for the browser to be back. */
const BACK = "X-Wutong-Back";

export class Sip {
  readonly #ua: InstanceType<typeof JsSIP.UA>;
  readonly #tell: (event: Event) => void;
  readonly #calls = new Map<string, RTCSession>();
  readonly #account: Account;
  readonly #holds = new Holds();
  readonly #ear = new Ear();
  #left = false;
  #hurried = false;

  constructor(account: Account, tell: (event: Event) => void) {
    this.#tell = (event) => {
      if (!this.#left || event.kind === "ended") tell(event);
    };
    this.#account = account;
    const socket = new JsSIP.WebSocketInterface(websocket(account.port));
    this.#ua = userAgent(account, socket);
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
    this.#ua.on("newRTCSession", (event: IncomingRTCSessionEvent | OutgoingRTCSessionEvent) => {
      if (event.originator === "remote") this.#comes(event as IncomingRTCSessionEvent);
    });
    addEventListener("pagehide", this.#vanishAll);
    addEventListener("online", this.#listenToAll);
    this.#ua.start();
  }

  /** The element in which the other side is heard. */
  get ear(): HTMLAudioElement {
    return this.#ear.element;
  }

  /** The page goes, and its calls with it. */
  readonly #vanishAll = (): void => {
    for (const id of this.#calls.keys()) this.vanish(id);
  };

  /** The call ends as that of a phone that is gone: the caller is kept, and rings here again as soon as there is a page. */
  vanish(id: string): void {
    leaveOff(this.#calls.get(id));
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
    removeEventListener("pagehide", this.#vanishAll);
    removeEventListener("online", this.#listenToAll);
    this.#ua.stop();
  }

  answer(id: string, microphone: MediaStream): void {
    this.#calls.get(id)?.answer({ mediaStream: ownCopy(microphone), pcConfig: { iceServers: [] } });
  }

  /** Decline it or hang up, whichever it is. */
  end(id: string, busy = false): void {
    hangUp(this.#calls.get(id), busy);
  }

  hold(id: string, on: boolean): void {
    const call = this.#calls.get(id);
    if (call !== undefined) this.#holds.set(call, on);
  }

  /** Send the other side of a call on to that number. */
  send(id: string, number: string): void {
    refer(this.#calls.get(id), number, (there) => this.#tell({ kind: there ? "transferred" : "transfer-refused" }));
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
    session.on("peerconnection", ({ peerconnection }) => this.#listen(peerconnection));
    this.#follow(session);
    const before = request.hasHeader(BACK) ? remembered() : null;
    this.#tell({
      kind: "rang",
      id: session.id,
      number: request.from.uri.user,
      words: request.from.display_name,
      before,
    });
  }

  #follow(session: RTCSession): void {
    const { id } = session;
    this.#calls.set(id, session);
    session.on("icecandidate", hurry());
    session.on("confirmed", () => this.#tell({ kind: "talks", id }));
    session.on("hold", ({ originator }) => originator === "local" && this.#tell({ kind: "held", id, on: true }));
    session.on("unhold", ({ originator }) => {
      if (originator === "local") this.#tell({ kind: "held", id, on: false });
    });
    session.on("muted", () => this.#tell({ kind: "muted", id, on: true }));
    session.on("unmuted", () => this.#tell({ kind: "muted", id, on: false }));
    const over = () => {
      this.#calls.delete(id);
      for (const sender of session.connection?.getSenders() ?? []) sender.track?.stop();
      this.#tell({ kind: "ended", id });
    };
    session.on("ended", over);
    session.on("failed", over);
  }

  #listen(connection: RTCPeerConnection): void {
    this.#ear.follow(connection);
    connection.addEventListener("iceconnectionstatechange", () => {
      if (connection.iceConnectionState === "disconnected") this.#listenToAll();
    });
  }
}
