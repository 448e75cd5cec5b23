/** Which report is wanted: in the page's address, in the fields, and as the service is asked. Pure. */

import type { ReportKind, ReportOut, SessionOut } from "../../api/schema";

export type View = "today" | "history" | "menus";

export interface Asked {
  readonly view: View;
  readonly kind: ReportKind;
  /** Days on the hotline's clock, `2026-03-01`. */
  readonly from: string;
  readonly to: string;
  /** A dimension; empty: rows are not split by one. */
  readonly by: string;
  /** Only this queue, agent, … of the dimension. */
  readonly name: string;
  /** One of TIMES; empty: all of the time together. */
  readonly time: string;
  /** A part of the clock by which there is a drawing each. */
  readonly apart: string;
  readonly compare: string;
  /** The figure that is drawn. */
  readonly figure: string;
  /** Every figure is in the table. */
  readonly all: string;
}

const FIELDS = ["kind", "from", "to", "by", "name", "time", "apart", "compare", "figure", "all"] as const;

/** What the address of each view has. */
const IN_ADDRESS: Readonly<Record<View, readonly (typeof FIELDS)[number][]>> = {
  today: ["name", "compare", "figure", "all"],
  history: FIELDS,
  menus: ["from", "to"],
};

/** How rows are split by time: the intervals, and the parts of the clock that come again. */
export const INTERVALS = ["15min", "hour", "day", "week", "month", "year"] as const;
export const CLOCKS = ["clock-hour", "clock-weekday", "clock-weekday,hour"] as const;

export const APART = ["day-kind", "night"] as const;
export const COMPARED = ["week", "year"] as const;

/** Days that are shown if the address has none. */
const USUAL_DAYS = 7;

/** What an account may see. `dimensions`: null if it is not limited to a part of the hotline. */
export interface Allowed {
  readonly views: readonly View[];
  readonly dimensions: readonly string[] | null;
}

export function allowed({ queues, departments }: SessionOut): Allowed {
  if (queues.length + departments.length === 0) return { views: ["today", "history", "menus"], dimensions: null };
  const dimensions = [
    ...(queues.length > 0 ? ["queue", "agent"] : []),
    ...(departments.length > 0 ? ["sub-hotline"] : []),
  ];
  return { views: queues.length > 0 ? ["today", "history"] : ["history"], dimensions };
}

/** By which of these a report can be split for the account. */
export function dimensionsOf(report: ReportOut, { dimensions }: Allowed): readonly string[] {
  const clocks: readonly string[] = ["hour", "weekday", ...APART];
  return report.by.filter((each) => !clocks.includes(each) && (dimensions === null || dimensions.includes(each)));
}

/** What the address says. `today`: on the hotline's clock. */
export function askedIn(query: URLSearchParams, today: string, may: Allowed): Asked {
  const view = may.views.find((each) => each === query.get("view")) ?? may.views[0] ?? "history";
  const fields = FIELDS.map((field) => [
    field,
    IN_ADDRESS[view].includes(field) ? (query.get(field)?.trim() ?? "") : "",
  ]);
  const given = Object.fromEntries(fields) as unknown as Omit<Asked, "view">;
  if (view === "today") {
    const by = given.name === "" ? "" : "queue";
    return { ...given, view, kind: "queues", by, time: "15min", from: today, to: today };
  }
  const to = given.to || today;
  const days = { from: given.from || dayAfter(to, 1 - USUAL_DAYS), to };
  if (view === "menus") return { ...given, view, ...days, kind: "menus", by: "menu" };
  if (given.kind !== ("" as string)) return { ...given, view, ...days };
  const [kind, by] = may.dimensions?.includes("queue") === false ? USUAL.departments : USUAL.others;
  return { ...given, view, ...days, kind, by, time: given.time || "clock-hour" };
}

/** The report and its dimension, if the address has none. */
const USUAL = { departments: ["sub-hotlines", "sub-hotline"], others: ["queues", "queue"] } as const;

/** The address of a report, to be kept or passed on. */
export function addressOf(asked: Asked): string {
  const given = IN_ADDRESS[asked.view].filter((field) => asked[field] !== "").map((field) => [field, asked[field]]);
  return `/reports?${new URLSearchParams([["view", asked.view], ...given])}`;
}

/** What the service is asked for. */
export function queryOf({ from, to, by, name, time, apart, compare }: Asked): Record<string, string> {
  const clocks = time.startsWith("clock-") ? time.slice("clock-".length).split(",") : [];
  const parts = [by, ...clocks, apart].filter(Boolean).join(",");
  const every = clocks.length === 0 ? time : "";
  const asked = { from, to, by: parts, name: by === "" ? "" : name, every, compare };
  return Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== ""));
}

/** The day so many days after that one, or before it; as it is, if it is no day. */
export function dayAfter(day: string, count: number): string {
  const at = Date.parse(`${day}T00:00Z`);
  return Number.isNaN(at) ? day : new Date(at + count * 86_400_000).toISOString().slice(0, 10);
}
