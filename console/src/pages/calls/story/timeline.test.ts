import { expect, test } from "vitest";
import type { StoryOut, TalkRecordingOut } from "../../../api/schema";
import { marks, sounds, timeline } from "./timeline";

const BEGAN = Date.parse("2026-11-30T10:00:00Z");
const at = (seconds: number) => new Date(BEGAN + seconds * 1_000).toISOString();

function story(ended: number | null, ...steps: readonly [number, string, Record<string, unknown>?][]): StoryOut {
  const told = steps.map(([seconds, kind, more]) => ({ at: at(seconds), kind, ...more }));
  return { started: at(0), ended: ended === null ? null : at(ended), story: told } as unknown as StoryOut;
}

const bars = (told: StoryOut, now = 0) =>
  timeline(told, BEGAN + now * 1_000).lanes.map(({ who, bars }) => [
    who === null ? "caller" : Object.values(who).join(),
    ...bars.map(({ kind, from, to }) => `${kind} ${from}-${to}`),
  ]);

test("a call that waits, rings at two, is held, and is transferred to a colleague", () => {
  const told = story(
    100,
    [0, "call-started"],
    [1, "menu-entered"],
    [10, "queued", { queue: "water" }],
    [12, "offered", { agent: "1001" }],
    [20, "offer-failed", { agent: "1001" }],
    [20, "offered", { agent: "1002" }],
    [25, "offer-answered", { agent: "1002" }],
    [26, "connected", { agent: "1002" }],
    [40, "held", { agent: "1002" }],
    [41, "consult-asked", { agent: "1002", to: { agent: "1003" } }],
    [45, "consult-answered", { agent: "1002", to: { agent: "1003" } }],
    [60, "talk-ended", { agent: "1002" }],
    [60, "transferred", { agent: "1002", how: "consult", to: { agent: "1003" } }],
    [60, "transfer-answered", { to: { agent: "1003" } }],
    [90, "transfer-ended", { to: { agent: "1003" } }],
    [100, "call-finished"],
    [160, "note", { agent: "1003" }],
  );
  expect(bars(told)).toEqual([
    ["caller", "menu 0-10", "wait 10-26", "talk 26-40", "hold 40-60", "talk 60-90", "after 90-100"],
    ["1001", "ring 12-20"],
    ["1002", "ring 20-26", "talk 26-60"],
    ["1003", "ring 41-45", "consult 45-60", "talk 60-90"],
  ]);
});

test("a ring has the reason of the transfer, for whom it rings", () => {
  const told = story(
    30,
    [0, "connected", { agent: "1002" }],
    [10, "transferred", { agent: "1002", to: { agent: "1003" }, reason: "trees" }],
    [20, "transfer-answered", { to: { agent: "1003" } }],
  );
  expect(timeline(told, 0).lanes.map(({ bars }) => bars.map(({ reason }) => reason))).toEqual([
    [undefined, undefined, undefined],
    [undefined],
    ["trees", undefined],
  ]);
});

test("a department, and a call that goes on", () => {
  const told = story(
    null,
    [0, "call-started"],
    [5, "sub-hotline-dialled", { sub_hotline: "gas", dial: "962777" }],
    [9, "sub-hotline-answered", { sub_hotline: "gas" }],
  );
  expect(bars(told, 30)).toEqual([
    ["caller", "menu 0-5", "ring 5-9", "talk 9-30"],
    ["gas", "ring 5-9", "talk 9-30"],
  ]);
  expect(bars(story(0, [0, "call-started"]))).toEqual([["caller"]]);
});

test("a call to a citizen: the agent's telephone rings first", () => {
  const told = story(
    30,
    [0, "call-out-dialled", { agent: "1001", number: "13800138000", shown: "12319" }],
    [8, "call-out-answered", { agent: "1001", number: "13800138000" }],
    [30, "call-out-ended", { agent: "1001", by: "caller" }],
  );
  expect(bars(told)).toEqual([
    ["caller", "ring 0-8", "talk 8-30"],
    ["1001", "ring 0-8", "talk 8-30"],
  ]);
});

test("marks are round and few", () => {
  expect(marks(100)).toEqual([0, 15, 30, 45, 60, 75, 90]);
  expect(marks(0)).toEqual([0]);
  expect(marks(7 * 3_600)).toEqual([0, 3_600, 7_200, 10_800, 14_400, 18_000, 21_600, 25_200]);
  expect(marks(30 * 86_400).length).toBeLessThanOrEqual(9);
});

test("what the caller heard is on the line", () => {
  const told = story(30, [4, "said", { text: "Welcome." }], [6, "said", { text: "" }], [9, "queued"]);
  expect(timeline(told, 0).prompts).toEqual([{ at: 4, text: "Welcome." }]);
});

test("a recording goes along with the call, but for holds and what was said before it was begun", () => {
  const recording = (playable: boolean, ...marks: [string, number, number][]) =>
    ({
      ...{ id: "r1", began: at(20), length_s: 50, playable },
      marks: marks.map(([what, at_s, held_s]) => ({ what, at_s, held_s })),
    }) as unknown as TalkRecordingOut;
  const parts = (of: TalkRecordingOut) =>
    sounds(story(200), [of]).map((part) => `${part.from}-${part.to} from ${part.at}`);
  expect(parts(recording(true))).toEqual(["20-70 from 0"]);
  expect(parts(recording(true, ["begun", 0, 10], ["pause", 5, 8], ["hold", 30, 40]))).toEqual([
    "30-60 from 0",
    "100-120 from 30",
  ]);
  expect(parts(recording(false))).toEqual([]);
});
