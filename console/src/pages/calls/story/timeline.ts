/** A call's story as bars on a line of time: one lane for the caller, one for each who was rung for or talked. Pure. */

import type { StoryOut, TalkRecordingOut } from "../../../api/schema";
import { type Step, stepsOf } from "./steps";

/** `after`: the goodbye, a survey. Of the others `ring`, `talk` and `consult` stand in their lanes, too. */
export type Kind = "menu" | "wait" | "ring" | "talk" | "hold" | "consult" | "after";

/** `from`, `to`: seconds since the call began. */
export interface Bar {
  readonly kind: Kind;
  readonly from: number;
  readonly to: number;
  /** What was written for whom this rings. */
  readonly reason?: string;
}

/** Of an agent, a department (`sub_hotline`) or a number, with its id; null: of the caller. */
export interface Lane {
  readonly who: Readonly<Record<string, string>> | null;
  readonly bars: readonly Bar[];
}

/** Something that the caller heard, and when it ended. */
export interface Prompt {
  readonly at: number;
  readonly text: string;
}

/** A part of a recording, between two holds: it goes along with the call from the sound's second `at` on. */
export interface Sound {
  readonly recording: string;
  readonly from: number;
  readonly to: number;
  readonly at: number;
}

export interface Timeline {
  /** Seconds from the first moment to the last. */
  readonly seconds: number;
  readonly prompts: readonly Prompt[];
  readonly lanes: readonly Lane[];
}

/** What the caller does from this kind of step on; a kind that is not here changes nothing. */
const CALLER: Readonly<Record<string, Kind>> = {
  "menu-entered": "menu",
  queued: "wait",
  "left-queue": "menu",
  overflowed: "menu",
  routed: "menu",
  "sub-hotline-dialled": "ring",
  "sub-hotline-failed": "menu",
  "sub-hotline-spared": "after",
  "sub-hotline-answered": "talk",
  "sub-hotline-ended": "after",
  transferred: "ring",
  "transfer-failed": "menu",
  "transfer-answered": "talk",
  "transfer-ended": "after",
  "call-out-dialled": "ring",
  "call-out-answered": "talk",
  connected: "talk",
  "talk-interrupted": "hold",
  "talk-resumed": "talk",
  held: "hold",
  unheld: "talk",
  "consult-joined": "talk",
  "talk-ended": "after",
};

/** What somebody else does from this kind of step on; null: no more. */
const OTHERS: Readonly<Record<string, Kind | null>> = {
  "call-out-dialled": "ring",
  "call-out-answered": "talk",
  offered: "ring",
  "offer-failed": null,
  "offer-cancelled": null,
  connected: "talk",
  "talk-ended": null,
  "sub-hotline-dialled": "ring",
  "sub-hotline-answered": "talk",
  "sub-hotline-failed": null,
  "sub-hotline-ended": null,
  transferred: "ring",
  "transfer-answered": "talk",
  "transfer-failed": null,
  "transfer-ended": null,
  "consult-asked": "ring",
  "consult-answered": "consult",
  "consult-joined": "talk",
  "consult-failed": null,
  "consult-ended": null,
};

/** `now`: milliseconds, the end of a call that goes on. */
export function timeline(story: StoryOut, now: number): Timeline {
  const began = Date.parse(story.started);
  const end = story.ended === null ? now : Date.parse(story.ended);
  const since = (at: number) => Math.min(Math.max(0, at - began), Math.max(0, end - began)) / 1_000;
  const caller = new Drawn();
  caller.begin("menu", 0);
  const others = new Map<string, { who: Record<string, string>; drawn: Drawn }>();
  for (const step of stepsOf(story)) {
    const at = since(step.at);
    const next = CALLER[step.kind];
    if (next !== undefined && caller.now !== next) caller.begin(next, at);
    for (const who of meant(step)) {
      const key = Object.entries(who).join();
      const lane = others.get(key) ?? { who, drawn: new Drawn() };
      others.set(key, lane);
      const then = step.kind === "transferred" && who.agent === step.data.agent ? null : (OTHERS[step.kind] ?? null);
      const reason = typeof step.data.reason === "string" && then === "ring" ? step.data.reason : "";
      if (lane.drawn.now !== then) lane.drawn.begin(then, at, reason);
    }
  }
  const seconds = since(end);
  const prompts = stepsOf(story)
    .filter(({ kind, data }) => kind === "said" && data.text)
    .map(({ at, data }) => ({ at: since(at), text: String(data.text) }));
  const lanes = [...others.values()].map(({ who, drawn }) => ({ who, bars: drawn.end(seconds) }));
  return {
    seconds,
    prompts,
    lanes: [{ who: null, bars: caller.end(seconds) }, ...lanes.filter(({ bars }) => bars.length > 0)],
  };
}

/** Where in the call what is heard was said. Holds, and what was said before a recording was begun, are in no recording. */
export function sounds(story: Pick<StoryOut, "started">, recordings: readonly TalkRecordingOut[]): readonly Sound[] {
  return recordings
    .filter(({ playable }) => playable)
    .flatMap(({ id, began, length_s, marks }) => {
      const parts: Sound[] = [];
      let ahead = (Date.parse(began) - Date.parse(story.started)) / 1_000;
      let at = 0;
      for (const mark of [...marks.filter(({ what }) => what !== "pause"), { at_s: length_s, held_s: 0 }]) {
        if (mark.at_s > at) parts.push({ recording: id, from: ahead + at, to: ahead + mark.at_s, at });
        at = mark.at_s;
        ahead += mark.held_s;
      }
      return parts;
    });
}

/** Whose lane a step is about. */
function meant({ kind, data }: Step): readonly Record<string, string>[] {
  if (!(kind in OTHERS)) return [];
  const found: Record<string, string>[] = [];
  if (
    data.agent &&
    (kind.startsWith("offer") ||
      kind.startsWith("call-out") ||
      kind === "connected" ||
      kind === "talk-ended" ||
      kind === "transferred")
  )
    found.push({ agent: String(data.agent) });
  if (typeof data.sub_hotline === "string") found.push({ sub_hotline: data.sub_hotline });
  const to = data.to as Readonly<Record<string, unknown>> | undefined;
  for (const key of ["agent", "sub_hotline", "number"])
    if (typeof to?.[key] === "string") found.push({ [key]: to[key] as string });
  return found;
}

/** The bars of one lane, as they come. */
class Drawn {
  now: Kind | null = null;
  private since = 0;
  private reason = "";
  private readonly bars: Bar[] = [];

  begin(kind: Kind | null, at: number, reason = ""): void {
    if (this.now !== null && at > this.since) {
      const bar = { kind: this.now, from: this.since, to: at };
      this.bars.push(this.reason ? { ...bar, reason: this.reason } : bar);
    }
    this.now = kind;
    this.since = at;
    this.reason = reason;
  }

  end(at: number): readonly Bar[] {
    this.begin(null, at);
    return this.bars;
  }
}

const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 86_400];
const MOST_MARKS = 8;

/** Marks of an axis of so many seconds, from 0 on. */
export function marks(seconds: number): readonly number[] {
  const step = STEPS.find((each) => seconds / each <= MOST_MARKS) ?? Math.ceil(seconds / MOST_MARKS);
  return Array.from({ length: Math.floor(seconds / step) + 1 }, (_, place) => place * step);
}
