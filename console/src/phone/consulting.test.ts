import { describe, expect, test } from "vitest";
import { mayJoin, mayTransfer, spoken } from "./consulting";
import type { Event } from "./model";
import { ask, COLLEAGUE, played, send, TALKING } from "./samples";

const held = (id: string, on: boolean): Event => ({ kind: "held", id, on });
const ended = (id: string, why?: "declined"): Event => ({ kind: "ended", id, ...(why && { why }) });
const CALLING: Event[] = [...TALKING, ask, held("a", true), { kind: "called", id: "b" }];
const ASKING: Event[] = [...CALLING, { kind: "talks", id: "b" }];
/** Back with the caller, while who is asked hears music. */
const SWAPPED: Event[] = [...ASKING, { kind: "swap" }, held("b", true), held("a", false)];
const JOINING: Event[] = [...ASKING, { kind: "join" }];

describe("somebody is asked", () => {
  test("is called once the caller hears music", () => {
    expect(played(...TALKING, ask).did).toEqual(["hold a true"]);
    expect(played(...TALKING, ask, held("a", true)).did).toEqual(["dial 1003"]);
    expect(played(...TALKING, held("a", true), ask).did).toEqual(["dial 1003"]);
    expect(played(...CALLING).phone.consult).toMatchObject({ id: "b", stage: "calling", toward: "consult" });
  });

  test("rings audibly, until the other side brings a sound of its own or answers", () => {
    expect(played(...CALLING, { kind: "rings", id: "b", audible: false }).did).toEqual(["ring-back"]);
    expect(played(...CALLING, { kind: "rings", id: "b", audible: true }).did).toEqual(["hush"]);
    expect(played(...ASKING).did).toEqual(["hush"]);
    expect(played(...ASKING).phone.consult?.stage).toBe("talking");
  });

  test("one of the two hears music: first the one, then the other is taken back", () => {
    expect(played(...ASKING, { kind: "swap" }).did).toEqual(["hold b true"]);
    expect(played(...ASKING, { kind: "swap" }, held("b", true)).did).toEqual(["hold a false"]);
    expect(spoken(played(...SWAPPED).phone)?.id).toBe("a");
    expect(played(...SWAPPED, { kind: "swap" }).did).toEqual(["hold a true"]);
    expect(played(...SWAPPED, { kind: "swap" }, held("a", true)).did).toEqual(["hold b false"]);
  });

  test("does not answer: the caller waits until the agent has seen why", () => {
    const over = played(...CALLING, ended("b", "declined"));
    expect(over.phone.consult).toMatchObject({ stage: "over", why: "declined" });
    expect(over.did).toEqual(["hush"]);
    const declined = [...CALLING, ended("b", "declined")];
    expect(mayTransfer(over.phone)).toBe(true);
    expect(played(...declined, { kind: "back" })).toMatchObject({ did: ["hold a false"], phone: { consult: null } });
    expect(played(...declined, { kind: "hold", on: false }).did).toEqual(["hold a false"]);
    expect(played(...declined, { kind: "hold", on: false }, held("a", false)).phone.consult).toBeNull();
    expect(played(...declined, ask).did).toEqual(["dial 1003"]);
    expect(played(...declined, send)).toMatchObject({ did: ["send a 6001"], phone: { consult: null } });
  });

  test("that nothing could be dialled is the same", () => {
    const event: Event = { kind: "ended", id: "", why: "unreachable" };
    const over = played(...TALKING, ask, held("a", true), event).phone.consult;
    expect(over).toMatchObject({ stage: "over", why: "unreachable" });
  });

  test("the agent goes back to the caller, from wherever", () => {
    expect(played(...TALKING, ask, { kind: "back" })).toMatchObject({
      did: ["hold a false"],
      phone: { consult: null },
    });
    for (const from of [CALLING, ASKING]) {
      expect(played(...from, { kind: "back" }).did).toEqual(["hush", "end b"]);
      const gone = played(...from, { kind: "back" }, ended("b"));
      expect([gone.phone.consult, gone.did.at(-1)]).toEqual([null, "hold a false"]);
    }
    expect(played(...SWAPPED, { kind: "back" }).did).toEqual(["hush", "end b"]);
  });

  test("to hang up ends the call in which the agent talks", () => {
    expect(played(...ASKING, { kind: "hang-up" }).did).toEqual(["hush", "end b"]);
    expect(played(...SWAPPED, { kind: "hang-up" }).did).toEqual(["hush", "end a"]);
    expect(played(...TALKING, ask, { kind: "hang-up" }).did).toEqual(["hold a false"]);
  });

  test("mute and keys are for whom the agent talks with", () => {
    expect(played(...ASKING, { kind: "mute", on: true }).did).toEqual(["mute b true"]);
    expect(played(...ASKING, { kind: "muted", id: "b", on: true }).phone.consult?.muted).toBe(true);
    expect(played(...ASKING, { kind: "key", key: "1" }).did).toEqual(["key b 1"]);
    expect(played(...CALLING, { kind: "key", key: "1" }).did).toEqual([]);
    expect(played(...SWAPPED, { kind: "key", key: "1" }).did).toEqual(["key a 1"]);
    expect(played(...SWAPPED, { kind: "muted", id: "a", on: true }).phone.call?.muted).toBe(true);
    expect(played(...ASKING, { kind: "hold", on: true }).did).toEqual([]);
  });

  test("a third call finds the phone busy: nobody has declined it", () => {
    expect(played(...ASKING, { kind: "rang", id: "x", number: "1", words: "", before: null }).did).toEqual([
      "turn-away x",
    ]);
  });
});

describe("the two are joined", () => {
  test("once both talk", () => {
    expect(played(...CALLING, { kind: "join" }).did).toEqual([]);
    expect(played(...JOINING).did).toEqual(["join a b"]);
    expect(played(...SWAPPED, { kind: "join" }).did).toEqual(["join a b"]);
    expect(played(...JOINING, { kind: "join" }).did).toEqual([]);
  });

  test.each([
    ["a", "b"],
    ["b", "a"],
  ])("both calls end, %s first", (one, other) => {
    const { phone, did } = played(...JOINING, ended(one), ended(other));
    expect([phone.call, phone.consult, phone.transfer?.stage, did]).toEqual([null, null, "done", []]);
    expect(phone.transfer).toMatchObject({ to: COLLEAGUE, how: "consult", of: "c1" });
  });

  test("a refusal leaves both as they were", () => {
    const { phone } = played(...JOINING, { kind: "transfer-refused" });
    expect([phone.transfer?.stage, mayJoin(phone), phone.call?.held]).toEqual(["refused", true, true]);
  });
});

describe("the caller hangs up", () => {
  test("while somebody is called or asked: they talk on, and it is the agent's only call", () => {
    const alone = played(...ASKING, ended("a"));
    expect([alone.phone.call, alone.phone.consult?.stage, alone.did]).toEqual([null, "talking", []]);
    expect(played(...ASKING, ended("a"), { kind: "hang-up" }).did).toEqual(["hush", "end b"]);
    expect(played(...ASKING, ended("a"), { kind: "hold", on: true }).did).toEqual(["hold b true"]);
    expect(played(...ASKING, ended("a"), ended("b")).phone).toMatchObject({ call: null, consult: null });
    expect(played(...CALLING, ended("a"), ended("b", "declined")).phone.consult).toBeNull();
  });

  test("while who is asked hears music: that ends", () => {
    expect(played(...SWAPPED, ended("a")).did).toEqual(["hold b false"]);
  });

  test("before anybody was called, or after nobody answered", () => {
    expect(played(...TALKING, ask, ended("a")).phone.consult).toBeNull();
    expect(played(...CALLING, ended("b", "declined"), ended("a")).phone.consult).toBeNull();
  });
});

describe("the connection", () => {
  test("a second call is a talk too: it outlives what a talk outlives", () => {
    const alone: Event[] = [...ASKING, ended("a")];
    expect(played(...alone, { kind: "microphone", now: "asleep" }).did).toEqual([]);
    expect(played(...alone, { kind: "refused" }).did).toEqual([]);
    const end = played(...alone, { kind: "refused" }, ended("b"));
    expect([end.phone.link, end.did]).toEqual(["elsewhere", ["leave", "close-microphone"]]);
  });

  test("what was put off waits for the second call too", () => {
    const deaf: Event[] = [...ASKING, { kind: "microphone", now: "asleep" }, ended("a")];
    expect(played(...deaf).did).toEqual([]);
    expect(played(...deaf, ended("b"))).toMatchObject({ phone: { link: "off" }, did: ["leave"] });
  });
});

test("the service has sent the caller on: the desk asks what became of it", () => {
  const transfer = { to: COLLEAGUE, how: "consult", of: "c1", stage: "done" } as const;
  const { phone, did } = played(...TALKING, { kind: "sent", transfer });
  expect(did).toEqual([]);
  expect(phone.transfer).toEqual(transfer);
});
