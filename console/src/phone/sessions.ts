/** What is done with the sessions of JsSIP beside its own words. */

import type { RTCSession } from "jssip/lib/RTCSession";

/** Milliseconds until JsSIP is asked again to change a session that it is changing just now. It does not say when it is
 *  done, as the change may be the other side's: Asterisk refreshes a session every 45 s.
 */
const AGAIN = 30;

/** Sends the other side of a session to a number. `report`: whether it is there. */
export function refer(session: RTCSession | undefined, to: string, report: (there: boolean) => void): void {
  const refused = () => report(false);
  const eventHandlers = { requestFailed: refused, failed: refused, accepted: () => report(true) };
  if (session === undefined) refused();
  else session.refer(to, { eventHandlers });
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

/** What JsSIP's types leave out. */
interface Asking {
  sendOptions(
    target: string,
    body: undefined,
    options: { eventHandlers: { succeeded: () => void; failed: (answer: { originator: string }) => void } },
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
  // Without a reason Asterisk would report cause 0.
  if (session.isEstablished()) session.terminate({ extraHeaders: ["Reason: Q.850;cause=16"] });
  else if (busy) session.terminate({ status_code: 486, reason_phrase: "Busy Here" });
  else session.terminate({ status_code: 603, reason_phrase: "Decline" });
}

/** It ends as the call of a phone that is gone. */
export function leaveOff(session: RTCSession | undefined): void {
  if (session?.isEstablished()) session.terminate({ extraHeaders: ["Reason: Q.850;cause=18"] });
  else session?.terminate({ status_code: 480, extraHeaders: ["Reason: Q.850;cause=20"] });
}
