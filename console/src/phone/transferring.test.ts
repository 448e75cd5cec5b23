import { describe, expect, test } from "vitest";
import { step } from "./machine";
import { type Command, type Event, OFF, type Phone } from "./model";

const GREENING = { number: "6001", name: "绿化" };
const COLLEAGUE = { number: "1003", name: "综合一席" };

/** The phone after these events, and what it did for the last one. */
function played(...events: Event[]): { phone: Phone; did: string[] } {
  let phone = OFF;
  let commands: readonly Command[] = [];
  for (const event of events) [phone, commands] = step(phone, event);
  return { phone, did: commands.map((command) => Object.values(command).join(" ")) };
}

const TALKING: Event[] = [
  { kind: "chosen" },
  { kind: "microphone", now: "hears" },
  { kind: "registered" },
  { kind: "rang", id: "a", number: "13800138000", words: "绿化", before: null },
  { kind: "answer" },
  { kind: "talks", id: "a" },
];
const ended = (id: string): Event => ({ kind: "ended", id });
const ask: Event = { kind: "consult", to: COLLEAGUE, of: "c1" };
const send: Event = { kind: "transfer", to: GREENING, of: "c1" };
const ASKING: Event[] = [
  ...TALKING,
  ask,
  { kind: "held", id: "a", on: true },
  { kind: "called", id: "b" },
  { kind: "talks", id: "b" },
];

describe("at once", () => {
  test("the caller is sent on, and the talk is over", () => {
    expect(played(...TALKING, send).did).toEqual(["send a 6001"]);
    expect(played(...TALKING, send, { kind: "transferred" }).did).toEqual(["end a"]);
    const done = played(...TALKING, send, { kind: "transferred" }, ended("a"));
    expect(done.phone.call).toBeNull();
    expect(done.phone.transfer).toEqual({ to: GREENING, how: "blind", of: "c1", stage: "done" });
  });

  test("a refusal leaves the talk as it is, and another target may be tried", () => {
    const refused = played(...TALKING, send, { kind: "transfer-refused" });
    expect([refused.phone.transfer?.stage, refused.phone.call?.stage]).toEqual(["refused", "talking"]);
    expect(played(...TALKING, send, { kind: "transfer-refused" }, send).did).toEqual(["send a 6001"]);
  });

  test("nobody is sent on twice, or before there is a talk", () => {
    expect(played(...TALKING, send, send).did).toEqual([]);
    expect(played(...TALKING, send, ask).did).toEqual([]);
    expect(played(...TALKING.slice(0, 4), send).phone.transfer).toBeNull();
    expect(played(...ASKING, send).did).toEqual([]);
  });

  test("a caller who only hangs up was not sent on", () => {
    expect(played(...TALKING, ended("a")).phone.transfer).toBeNull();
  });

  test("what became of it is shown until it is noted, or somebody else rings", () => {
    const rang: Event = { kind: "rang", id: "x", number: "1", words: "", before: null };
    expect(played(...TALKING, send, { kind: "noted" }).phone.transfer?.stage).toBe("asked");
    expect(played(...TALKING, send, ended("a"), { kind: "noted" }).phone.transfer).toBeNull();
    expect(played(...TALKING, send, ended("a"), rang).phone.transfer).toBeNull();
  });
});
