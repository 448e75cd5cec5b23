import { describe, expect, test } from "vitest";
import { type Event, OFF } from "./model";
import { played, READY, RINGING, rang, TALKING } from "./samples";

const RANG = rang("a");

describe("registration", () => {
  test("waits for the microphone", () => {
    expect(played({ kind: "chosen" }).did).toEqual(["open-microphone"]);
    expect(played(...READY.slice(0, 2)).did).toEqual(["register"]);
    expect(played(...READY).phone.link).toBe("registered");
  });

  test.each(["denied", "missing", "asleep"] as const)("ends when the microphone is %s, and begins again", (now) => {
    const deaf = played(...READY, { kind: "microphone", now });
    expect([deaf.phone.link, deaf.did]).toEqual(["off", ["leave"]]);
    const back = played(...READY, { kind: "microphone", now }, { kind: "microphone", now: "hears" });
    expect([back.phone.link, back.did]).toEqual(["connecting", ["register"]]);
  });

  test("a talk goes on with a microphone that sleeps; the phone leaves after it", () => {
    const talk = played(...TALKING, { kind: "microphone", now: "asleep" });
    expect([talk.phone.link, talk.did]).toEqual(["registered", []]);
    const end = played(...TALKING, { kind: "microphone", now: "asleep" }, { kind: "ended", id: "a" });
    expect([end.phone.link, end.did]).toEqual(["off", ["leave"]]);
  });

  test("a lost connection is made again", () => {
    expect(played(...READY, { kind: "lost" }).did).toEqual(["wait"]);
    expect(played(...READY, { kind: "lost" }, { kind: "due" }).did).toEqual(["register"]);
    expect(played(...READY, { kind: "lost" }, { kind: "registered" }).phone.link).toBe("registered");
  });

  test("a password that is refused was never good, or another browser has the next one", () => {
    expect(played(...READY.slice(0, 2), { kind: "refused" }).phone.link).toBe("refused");
    const replaced = played(...READY, { kind: "refused" });
    expect([replaced.phone.link, replaced.did]).toEqual(["elsewhere", ["leave", "close-microphone"]]);
  });

  test("another tab takes over, until this one is chosen again", () => {
    const gone = played(...RINGING, { kind: "elsewhere" });
    expect([gone.phone.link, gone.phone.call, gone.did]).toEqual([
      "elsewhere",
      null,
      ["hush", "leave", "close-microphone"],
    ]);
    const still = played(...READY, { kind: "elsewhere" }, { kind: "microphone", now: "hears" }, { kind: "registered" });
    expect(still.phone.link).toBe("elsewhere");
    expect(played(...READY, { kind: "elsewhere" }, { kind: "chosen" }).did).toEqual(["open-microphone"]);
  });

  test("what comes after it was given up changes nothing", () => {
    for (const event of [...READY.slice(1), { kind: "lost" }, { kind: "refused" }, { kind: "elsewhere" }] as Event[]) {
      expect(played(...READY, { kind: "given-up" }, event)).toEqual({ phone: OFF, did: [] });
    }
  });

  test("a tab that took the place of another says so until a call comes", () => {
    const taken = played(...READY.slice(0, 2), { kind: "took-over" }, { kind: "registered" });
    expect(taken.phone.tookOver).toBe(true);
    expect(played(...READY.slice(0, 2), { kind: "took-over" }, { kind: "registered" }, rang("a")).phone.tookOver).toBe(
      false,
    );
    expect(played({ kind: "took-over" }).phone).toEqual(OFF);
  });

  test("to choose it twice is to choose it once", () => {
    expect(played(...READY, { kind: "chosen" }).did).toEqual([]);
  });
});

describe("a call", () => {
  test("rings, is answered, talks, ends", () => {
    expect(played(...RINGING).did).toEqual(["ring"]);
    expect(played(...RINGING).phone.call).toMatchObject({ stage: "ringing", number: "13800138000", words: "绿化" });
    expect(played(...RINGING, { kind: "answer" }).did).toEqual(["hush", "answer a"]);
    expect(played(...RINGING, { kind: "answer" }, { kind: "answer" }).did).toEqual([]);
    expect(played(...TALKING).phone.call?.stage).toBe("talking");
    expect(played(...TALKING, { kind: "ended", id: "a" }).phone.call).toBeNull();
  });

  test("stops ringing when it is over, declined, or nobody can tell any more", () => {
    expect(played(...RINGING, { kind: "ended", id: "a" }).did).toEqual(["hush"]);
    expect(played(...RINGING, { kind: "hang-up" }).did).toEqual(["hush", "end a"]);
    const lost = played(...RINGING, { kind: "lost" });
    expect([lost.phone.call, lost.did]).toEqual([null, ["hush", "wait"]]);
    const deaf = played(...RINGING, { kind: "microphone", now: "asleep" });
    expect([deaf.phone.call, deaf.did]).toEqual([null, ["hush", "end a", "leave"]]);
  });

  test("a second one finds the phone busy, while it rings too, and its end is not the end of the first", () => {
    expect(played(...RINGING, rang("b")).did).toEqual(["turn-away b"]);
    expect(played(...TALKING, rang("b")).did).toEqual(["turn-away b"]);
    expect(played(...TALKING, rang("b"), { kind: "ended", id: "b" }).phone.call?.id).toBe("a");
  });

  test("a talk survives the loss of the connection, and another browser's sign-in", () => {
    expect(played(...TALKING, { kind: "lost" }).phone.call?.id).toBe("a");
    const replaced = played(...TALKING, { kind: "refused" });
    expect([replaced.phone.link, replaced.phone.call?.id, replaced.did]).toEqual(["elsewhere", "a", []]);
    const end = played(...TALKING, { kind: "refused" }, { kind: "ended", id: "a" });
    expect([end.phone.link, end.did]).toEqual(["elsewhere", ["leave", "close-microphone"]]);
  });

  test("is silent after a standstill, and rings again once Asterisk has answered", () => {
    const thawed: Event[] = [...RINGING, { kind: "thawed" }];
    expect(played(...thawed).did).toEqual(["hush", "ask"]);
    expect(played(...thawed, { kind: "alive" }).did).toEqual(["ring"]);
    expect(played(...thawed, { kind: "alive" }, { kind: "overdue" }).did).toEqual([]);
    expect(played(...thawed, { kind: "ended", id: "a" }, { kind: "alive" }).did).toEqual([]);
    expect(played(...thawed, { kind: "answer" }, { kind: "overdue" }).phone.call?.stage).toBe("answering");
  });

  test("that rings at a connection without an answer is over, and the connection is made anew", () => {
    const dead = played(...RINGING, { kind: "thawed" }, { kind: "overdue" });
    expect([dead.phone.call, dead.phone.link]).toEqual([null, "connecting"]);
    expect(dead.did).toEqual(["hush", "end a", "leave", "register"]);
    expect(played(...READY, { kind: "thawed" }, { kind: "overdue" }).did).toEqual(["leave", "register"]);
  });

  test("that comes during the doubt waits for the answer", () => {
    expect(played(...READY, { kind: "thawed" }, rang("a")).did).toEqual([]);
    expect(played(...READY, { kind: "thawed" }, rang("a"), { kind: "alive" }).did).toEqual(["ring"]);
  });

  test("that comes over a new connection rings", () => {
    const again: Event[] = [...READY, { kind: "thawed" }, { kind: "lost" }, { kind: "registered" }];
    expect(played(...again, rang("a")).did).toEqual(["ring"]);
  });

  test("goes on talking whatever stood still", () => {
    for (const kind of ["thawed", "alive", "overdue"] as const) {
      expect(played(...TALKING, { kind }).did).toEqual([]);
    }
    expect(played({ kind: "thawed" }).did).toEqual([]);
  });

  test("a talk that goes on here is answered at once, muted and on hold as it was", () => {
    const back = (before: { muted: boolean; held: boolean }): Event => ({ ...RANG, before });
    const again = played(...READY, back({ muted: true, held: true }));
    expect([again.phone.call?.stage, again.did]).toEqual(["answering", ["answer a"]]);
    const was = played(...READY, back({ muted: true, held: true }), { kind: "talks", id: "a" });
    expect([was.phone.call?.stage, was.did]).toEqual(["talking", ["mute a true", "hold a true"]]);
    expect(played(...READY, back({ muted: false, held: false }), { kind: "talks", id: "a" }).did).toEqual([]);
  });

  test("a talk without audio over a new connection ends here, and goes on as one that is rung again", () => {
    const cut = played(...TALKING, { kind: "lost" }, { kind: "registered" }, { kind: "cut", id: "a" });
    expect(cut.did).toEqual(["vanish a"]);
    expect(played(...RINGING, { kind: "cut", id: "a" }).did).toEqual([]);
  });

  test("mute, hold and keys are for a talk, and shown once they are so", () => {
    expect(played(...RINGING, { kind: "mute", on: true }).did).toEqual([]);
    expect(played(...RINGING, { kind: "key", key: "1" }).did).toEqual([]);
    const asked = played(...TALKING, { kind: "hold", on: true });
    expect([asked.phone.call?.held, asked.did]).toEqual([false, ["hold a true"]]);
    expect(played(...TALKING, { kind: "held", id: "a", on: true }).phone.call?.held).toBe(true);
    expect(played(...TALKING, { kind: "muted", id: "a", on: true }).phone.call?.muted).toBe(true);
    expect(played(...TALKING, { kind: "key", key: "1" }).did).toEqual(["key a 1"]);
  });
});
