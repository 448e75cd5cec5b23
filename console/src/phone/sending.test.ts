import { describe, expect, test } from "vitest";
import type { Event } from "./model";
import { GREENING, played, send, TALKING } from "./samples";

const ended = (id: string): Event => ({ kind: "ended", id });

describe("at once", () => {
  test("the caller is sent on, and the talk is over", () => {
    expect(played(...TALKING, send).did).toEqual(["send a 6001"]);
    expect(played(...TALKING, send, { kind: "transferred" }).did).toEqual(["end a"]);
    const done = played(...TALKING, send, { kind: "transferred" }, ended("a"));
    expect(done.phone.call).toBeNull();
    expect(done.phone.transfer).toEqual({ to: GREENING, of: "c1", stage: "done" });
  });

  test("a refusal leaves the talk as it is, and another target may be tried", () => {
    const refused = played(...TALKING, send, { kind: "transfer-refused" });
    expect([refused.phone.transfer?.stage, refused.phone.call?.stage]).toEqual(["refused", "talking"]);
    expect(played(...TALKING, send, { kind: "transfer-refused" }, send).did).toEqual(["send a 6001"]);
  });

  test("nobody is sent on twice, or before there is a talk", () => {
    expect(played(...TALKING, send, send).did).toEqual([]);
    expect(played(...TALKING.slice(0, 4), send).phone.transfer).toBeNull();
  });

  test("the service has sent the caller on: the desk asks what became of it", () => {
    const transfer = { to: GREENING, of: "c1", stage: "done" } as const;
    const { phone, did } = played(...TALKING, { kind: "sent", transfer });
    expect([phone.transfer, did]).toEqual([transfer, []]);
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
