import type { RTCSession } from "jssip/lib/RTCSession";
import { afterEach, expect, test, vi } from "vitest";
import { Holds, refer } from "./sessions";

/** A session as far as these use it. `ready`: JsSIP is not changing it just now. */
class Session {
  ready = true;
  ended = false;
  held = false;
  readonly referred: { to: unknown; eventHandlers: Record<string, () => void> }[] = [];

  isEnded = () => this.ended;
  isOnHold = () => ({ local: this.held, remote: false });
  hold = () => this.#become(true);
  unhold = () => this.#become(false);
  refer = (to: unknown, how: { eventHandlers: Record<string, () => void> }) => void this.referred.push({ to, ...how });

  #become(held: boolean): boolean {
    if (this.ready) this.held = held;
    return this.ready;
  }
}

afterEach(() => void vi.useRealTimers());

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
});

test("somebody is sent to a number, and it is told whether that was done", () => {
  const session = new Session();
  const told: boolean[] = [];
  const tell = (there: boolean) => void told.push(there);
  refer(asSession(session), "6001", tell);
  expect(session.referred).toMatchObject([{ to: "6001" }]);
  for (const event of ["accepted", "failed", "requestFailed"]) session.referred[0]?.eventHandlers[event]?.();
  refer(undefined, "6001", tell);
  expect(told).toEqual([true, false, false, false]);
});
