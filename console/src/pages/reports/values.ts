/** Figures, and what they are split by, as people read them. Pure. */

import type { NamesOut, Unit } from "../../api/schema";
import { WHY } from "../../api/tables";
import { called, placed, reasonCalled } from "../../frame/names";
import type { Speaker } from "../../texts/language";
import type { Language } from "../../texts/texts";
import { languageName } from "../../texts/words";
import { duration, NOTHING, percent } from "../../time/format";
import { clock } from "../../time/zone";
import { agentCalled, type Known } from "../calls/known";
import type { Axis, Value } from "./drawing";
import { TEXTS } from "./texts";

/** Kept: to make one takes longer than to use it a hundred times. */
const COUNTS = { zh: new Intl.NumberFormat("zh-CN"), en: new Intl.NumberFormat("en-GB") } as const;

/** `31`, `91 %`, `0:42`, `4.2`. */
export function figure(value: number | null | undefined, unit: Unit, language: Language): string {
  if (value === null || value === undefined) return NOTHING;
  if (unit === "percent") return percent(value);
  if (unit === "seconds") return `${value < 0 ? "-" : ""}${duration(Math.abs(value))}`;
  if (unit === "milliseconds") return `${COUNTS[language].format(value)} ms`;
  return unit === "score" ? value.toFixed(1) : COUNTS[language].format(value);
}

/** How long a bar of that value is, 0 to 1. `most`: the greatest of all. */
export function share(value: number | null, unit: Unit, most: number): number {
  const whole = unit === "percent" ? 100 : most;
  return value === null || whole <= 0 ? 0 : Math.max(0, Math.min(1, value / whole));
}

const DAY_KINDS: Readonly<Record<string, (typeof TEXTS)["workday"] | (typeof TEXTS)["weekend"]>> = {
  workday: TEXTS.workday,
  weekend: TEXTS.weekend,
};

/** Phones that are no agent's. */
const LINES = { trunk: TEXTS.trunk, anonymous: TEXTS.anonymous } as const;

/** Of transfers to a phone the report has only of which kind it is. */
const DESTINATIONS = { agent: TEXTS.toAgent, number: TEXTS.toNumber } as const;

export interface Naming {
  readonly known: Known;
  readonly speaker: Speaker;
  /** What a name is one of. */
  readonly dimension: string;
  /** The intervals, by which a moment is shown; null: there are none. */
  readonly every: string | null;
}

/** A part of a row in words: the name of the queue, the interval, … `short`: as the head of a column. */
export function label(axis: Axis, value: Value, { known, speaker, dimension, every }: Naming, short = false): string {
  const { say, language } = speaker;
  switch (axis) {
    case "name":
      return value === "" ? say(TEXTS.unnamed) : nameOf(String(value), dimension, known, language);
    case "begins":
      return moment(typeof value === "number" ? value : Date.parse(String(value)), every, short);
    case "hour":
      return short ? String(value).padStart(2, "0") : `${String(value).padStart(2, "0")}:00`;
    case "weekday":
      return new Intl.DateTimeFormat(language === "zh" ? "zh-CN" : "en-GB", {
        weekday: short ? "short" : "long",
        timeZone: "UTC",
      }).format(Date.UTC(2024, 0, Number(value))); // 1 January 2024 is a Monday
    case "day_kind":
      return say(DAY_KINDS[String(value)] ?? TEXTS.holiday);
    case "night":
      return say(value ? TEXTS.night : TEXTS.daytime);
  }
}

function nameOf(name: string, dimension: string, known: Known, language: Language): string {
  const { names } = known;
  switch (dimension) {
    case "language":
      return languageName(name, language);
    case "queue":
      return called(names?.queues, name, language);
    case "sub-hotline":
      return called(names?.departments, name, language);
    case "menu":
      return called(names?.menus, name, language);
    case "key": {
      const [menu = "", key = ""] = split(name);
      return `${called(names?.menus, menu, language)} › ${key}`;
    }
    case "break":
      return name === "rona" || name === "no-code" ? WHY[name][language] : reasonCalled(names, name, language);
    case "agent":
      return agentCalled(known, name);
    case "phone":
      return name === "trunk" || name === "anonymous" ? LINES[name][language] : name;
    case "destination":
      if (name === "agent" || name === "number") return DESTINATIONS[name][language];
      return placed(names, name, language);
  }
  return name;
}

/** Menu and key of `main/1`. */
export function split(name: string): readonly [string, string] {
  const at = name.lastIndexOf("/");
  return [name.slice(0, at), name.slice(at + 1)];
}

/** The ids that may be chosen, as far as they are known. */
export function namesOf(
  dimension: string,
  names: NamesOut | null,
  agents: ReadonlyMap<string, string>,
): readonly string[] {
  const by: Readonly<Record<string, object | undefined>> = {
    queue: names?.queues,
    "sub-hotline": names?.departments,
    menu: names?.menus,
    break: names?.breaks,
  };
  return dimension === "agent" ? [...agents.keys()] : Object.keys(by[dimension] ?? {});
}

/** The beginning of an interval, as far as it has to be said. */
function moment(at: number, every: string | null, short: boolean): string {
  const written = clock(at);
  if (every === "15min" || every === "hour") return written.slice(short ? 11 : 0, 16);
  if (every === "month") return written.slice(0, 7);
  return every === "year" ? written.slice(0, 4) : written.slice(short ? 5 : 0, 10);
}
