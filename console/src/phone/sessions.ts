/** What is done with the sessions of JsSIP beside its own words. */

import type { EndEvent, RTCSession } from "jssip/lib/RTCSession";
import type { Why } from "./model";

/** Milliseconds until JsSIP is asked again to change a session that it is changing just now. It does not tell when it is
 *  done, as the change may be the other side's: Asterisk refreshes a session every 45 s.
 */
const AGAIN = 30;

/** Sends the other side of a session to a number, or to the other side of another session. `told`: whether it is there. */
export function refer(
  session: RTCSession | undefined,
  to: string | RTCSession | undefined,
  told: (there: boolean) => void,
): void {
  const refused = () => told(false);
  const eventHandlers = { requestFailed: refused, failed: refused, accepted: () => told(true) };
  if (session === undefined || to === undefined) refused();
  else if (typeof to === "string") session.refer(to, { eventHandlers });
  else session.refer(to.remote_identity.uri, { replaces: to, eventHandlers });
}

/** Of several sessions, whether each is to hear music. The last word counts. */
export class Holds {
  readonly #wanted = new Map<RTCSession, boolean>();

  set(session: RTCSession, on: boolean): void {
    const waits = this.#wanted.has(session);
    this.#wanted.set(session, on);
    if (!waits) this.#try(session);
  }

  #try(session: RTCSession): void {
    const on = this.#wanted.get(session);
    const there = session.isEnded() || session.isOnHold().local === on;
    if (there || (on ? session.hold() : session.unhold())) this.#wanted.delete(session);
    else setTimeout(() => this.#try(session), AGAIN);
  }
}

/** Why somebody who was called did not answer. Asterisk translates the answer of the phone. */
export function reason({ originator, message }: EndEvent): Why {
  if (originator === "local") return "ended";
  switch ((message as { status_code?: number } | null)?.status_code) {
    case 403:
    case 603:
      return "declined";
    case 486:
    case 600:
      return "busy";
    case 408:
    case 480:
      return "no-answer";
    default:
      return "unreachable";
  }
}

/** What JsSIP's types leave out. */
interface Asking {
  sendOptions(
    target: string,
    body: undefined,
    options: { eventHandlers: { succeeded: () => void; failed: (told: { originator: string }) => void } },
  ): void;
}

/** Ask Asterisk for an answer, whichever. */
export function ask(agent: object, target: string, answered: () => void): void {
  (agent as Asking).sendOptions(target, undefined, {
    eventHandlers: { succeeded: answered, failed: ({ originator }) => originator === "remote" && answered() },
  });
}

/** Decline it or hang up, whichever it is. `busy`: it is not the agent who declines, the phone has another call. */
export function hangUp(session: RTCSession | undefined, busy = false): void {
  if (session === undefined || session.isEnded()) return;
  // Without a reason Asterisk would tell cause 0.
  if (session.isEstablished()) session.terminate({ extraHeaders: ["Reason: Q.850;cause=16"] });
  else if (busy) session.terminate({ status_code: 486, reason_phrase: "Busy Here" });
  else session.terminate({ status_code: 603, reason_phrase: "Decline" });
}

/** It ends as the call of a phone that is gone. */
export function leaveOff(session: RTCSession | undefined): void {
  if (session?.isEstablished()) session.terminate({ extraHeaders: ["Reason: Q.850;cause=18"] });
  else session?.terminate({ status_code: 480, extraHeaders: ["Reason: Q.850;cause=20"] });
}
