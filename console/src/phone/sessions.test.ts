import type { EndEvent, RTCSession } from "jssip/lib/RTCSession";
import { expect, test, vi } from "vitest";
import { Holds, reason, refer } from "./sessions";

/** A session as far as these use it. `ready`: JsSIP is not changing it just now. */
class Session {
  ready = true;
  ended = false;
  held = false;
  readonly referred: { to: unknown; replaces?: unknown; eventHandlers: Record<string, () => void> }[] = [];
  readonly remote_identity = { uri: "sip:1003@127.0.0.1" };

  isEnded = () => this.ended;
  isOnHold = () => ({ local: this.held, remote: false });
  hold = () => this.#become(true);
  unhold = () => this.#become(false);
  refer = (to: unknown, how: { replaces?: unknown; eventHandlers: Record<string, () => void> }) =>
    void this.referred.push({ to, ...how });

  #become(held: boolean): boolean {
    if (this.ready) this.held = held;
    return this.ready;
  }
}

const asSession = (session: Session) => session as unknown as RTCSession;

test("a session that is being changed is held once it is ready, by the last word", () => {
  vi.useFakeTimers();
  const session = new Session();
  const holds = new Holds();
  session.ready = false;
  holds.set(asSession(session), true);
  holds.set(asSession(session), false);
  holds.set(asSession(session), true);
  vi.advanceTimersByTime(1_000);
  expect(session.held).toBe(false);
  session.ready = true;
  vi.advanceTimersByTime(1_000);
  expect(session.held).toBe(true);
  expect(vi.getTimerCount()).toBe(0);
  session.ready = false;
  holds.set(asSession(session), false);
  session.ended = true;
  vi.advanceTimersByTime(1_000);
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

test.each([
  [403, "declined"],
  [603, "declined"],
  [486, "busy"],
  [480, "no-answer"],
  [404, "unreachable"],
  [undefined, "unreachable"],
])("why a call was not answered: %s", (status_code, why) => {
  expect(reason({ originator: "remote", message: { status_code } } as unknown as EndEvent)).toBe(why);
});

test("a call that the agent gave up was not refused", () => {
  expect(reason({ originator: "local", message: null } as unknown as EndEvent)).toBe("ended");
});

test("a caller is sent to a number or to another call, and it is told whether that was done", () => {
  const [session, other] = [new Session(), new Session()];
  const told: boolean[] = [];
  const tell = (there: boolean) => void told.push(there);
  refer(asSession(session), "6001", tell);
  refer(asSession(session), asSession(other), tell);
  expect(session.referred).toMatchObject([{ to: "6001" }, { to: "sip:1003@127.0.0.1", replaces: other }]);
  for (const event of ["accepted", "failed", "requestFailed"]) session.referred[0]?.eventHandlers[event]?.();
  refer(asSession(session), undefined, tell);
  expect(told).toEqual([true, false, false, false]);
});
