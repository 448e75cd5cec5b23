/** The phone's events, for tests of its machine. */

import { step } from "./machine";
import { type Command, type Event, OFF, type Phone } from "./model";

export const GREENING = { number: "6001", name: "绿化" };

/** The phone after these events, and what it did for the last one. */
export function played(...events: Event[]): { phone: Phone; did: string[] } {
  let phone = OFF;
  let commands: readonly Command[] = [];
  for (const event of events) [phone, commands] = step(phone, event);
  return { phone, did: commands.map((command) => Object.values(command).join(" ")) };
}

export const READY: Event[] = [{ kind: "chosen" }, { kind: "microphone", now: "hears" }, { kind: "registered" }];
export const rang = (id: string): Extract<Event, { kind: "rang" }> => ({
  kind: "rang",
  id,
  number: "13800138000",
  words: "绿化",
  before: null,
});
export const RINGING: Event[] = [...READY, rang("a")];
export const TALKING: Event[] = [...RINGING, { kind: "answer" }, { kind: "talks", id: "a" }];

export const send: Event = { kind: "transfer", to: GREENING, of: "c1" };
