import { describe, expect, test } from "vitest";
import { type Call, OFF, type Phone } from "../model";
import { FRESH, lamps, step } from "./machine";
import type { Button } from "./reports";

const CALL: Call = { id: "a", stage: "talking", number: "", words: "", muted: false, held: false, before: null };
const phone = (call: Partial<Call> | null): Phone => ({ ...OFF, call: call && { ...CALL, ...call } });
const RINGING = phone({ stage: "ringing" });
const TALKING = phone({});

/** What is wished after each of these: button, whether it is on, when (ms), and the phone as it is then. */
function wished(absolute: boolean, ...all: [Button, boolean, number, Phone][]): unknown[] {
  let headset = FRESH;
  return all.map(([button, on, at, now]) => {
    const [next, wish] = step(headset, { button, on, absolute }, now, at);
    headset = next;
    return wish === null ? null : "on" in wish ? `${wish.kind} ${wish.on}` : wish.kind;
  });
}

const switched = (...all: [Button, boolean, number, Phone][]) => wished(true, ...all);

describe("a hook that is a switch", () => {
  test("answers and hangs up", () => {
    expect(switched(["hook", true, 0, RINGING], ["hook", false, 9_000, TALKING])).toEqual(["answer", "hang-up"]);
  });

  test("follows the lamp when the page has answered and hung up", () => {
    const [muted, none] = [phone({ muted: true }), phone(null)];
    expect(switched(["hook", true, 0, TALKING], ["hook", true, 5, muted], ["hook", false, 9_000, none])).toEqual([
      null,
      null,
      null,
    ]);
  });

  test("ends a call that the page answered", () => {
    expect(switched(["hook", true, 0, TALKING], ["hook", false, 9_000, TALKING])).toEqual([null, "hang-up"]);
  });

  test("means nothing without a call", () => {
    expect(switched(["hook", true, 0, phone(null)], ["hook", false, 900, phone(null)])).toEqual([null, null]);
  });
});

describe("a hook that is a button", () => {
  test("though it says to be a switch", () => {
    expect(
      switched(
        ["hook", true, 0, RINGING],
        ["hook", false, 50, TALKING],
        ["hook", true, 9_000, TALKING],
        ["hook", false, 9_900, phone(null)],
      ),
    ).toEqual(["answer", null, "hang-up", null]);
  });

  test("which shows when the page has answered", () => {
    expect(switched(["hook", true, 0, TALKING], ["hook", false, 50, TALKING])).toEqual([null, "hang-up"]);
  });

  test("and says so", () => {
    expect(
      wished(
        false,
        ["hook", true, 0, RINGING],
        ["hook", false, 50, TALKING],
        ["hook", true, 90, TALKING],
        ["hook", true, 99, phone(null)],
      ),
    ).toEqual(["answer", null, "hang-up", null]);
  });
});

describe("mute", () => {
  test("as a switch is as the switch stands", () => {
    const muted = phone({ muted: true });
    expect(switched(["mute", true, 0, TALKING], ["mute", false, 900, muted], ["mute", true, 1_800, muted])).toEqual([
      "mute true",
      "mute false",
      null,
    ]);
  });

  test("as a button changes it, also what the page has muted", () => {
    const muted = phone({ muted: true });
    expect(wished(false, ["mute", true, 0, TALKING], ["mute", true, 9, muted])).toEqual(["mute true", "mute false"]);
    expect(switched(["mute", true, 0, TALKING], ["mute", false, 9, muted], ["mute", true, 900, muted])).toEqual([
      "mute true",
      null,
      "mute false",
    ]);
    expect(switched(["mute", true, 0, muted], ["mute", false, 9, muted])).toEqual([null, "mute false"]);
  });
});

test("drop declines and hangs up", () => {
  expect(switched(["drop", true, 0, RINGING], ["drop", false, 9, phone(null)])).toEqual(["hang-up", null]);
  expect(wished(false, ["drop", true, 0, TALKING])).toEqual(["hang-up"]);
});

test("the lamps", () => {
  const lit = (call: Partial<Call> | null) => [...lamps(phone(call))];
  expect(lit(null)).toEqual([]);
  expect(lit({ stage: "ringing" })).toEqual(["ring"]);
  expect(lit({ stage: "answering" })).toEqual(["off-hook"]);
  expect(lit({ muted: true, held: true })).toEqual(["off-hook", "mute", "hold"]);
});
