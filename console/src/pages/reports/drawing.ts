/** What is drawn of a report: columns along the time, or a map of rows and columns. Pure. */

import type { FiguresOut, RowOut } from "../../api/schema";
import { fromField } from "../../time/zone";
import { dayAfter } from "./asked";

/** What a row is split by. */
export type Axis = "name" | "begins" | "hour" | "weekday" | "day_kind" | "night";
export type Value = string | number | boolean | null;

/** `values`: of a figure, as `across` has its columns. `before`: of the days with which it is compared. */
export interface Line {
  readonly label: Value;
  readonly values: readonly (number | null)[];
  readonly before: readonly (number | null)[] | null;
}

/** `down`: by what its lines are split; null: there is one. */
export interface Part {
  readonly apart: readonly [Axis, Value] | null;
  readonly lines: readonly Line[];
}

export interface Drawing {
  readonly across: Axis;
  readonly columns: readonly Value[];
  readonly down: Axis | null;
  readonly parts: readonly Part[];
  /** The greatest of all values. */
  readonly most: number;
}

/** Columns of a drawing, and of a map, at most. */
export const MOST_COLUMNS = 400;
const MOST_IN_MAP = 62;

const HOURS: readonly Value[] = Array.from({ length: 24 }, (_, hour) => hour);
const WEEKDAYS: readonly Value[] = [1, 2, 3, 4, 5, 6, 7];
const DAY_KINDS: readonly Value[] = ["workday", "weekend", "holiday"];
const ORDER: readonly Axis[] = ["name", "weekday", "hour", "day_kind", "night"];
const IN_REPORT: Readonly<Record<string, Axis>> = {
  hour: "hour",
  weekday: "weekday",
  "day-kind": "day_kind",
  night: "night",
};

/** By what the report's rows are split, in the order in which a table shows it. */
export function axesOf({ by, every }: FiguresOut): readonly Axis[] {
  const parts = by.map((each) => IN_REPORT[each] ?? "name");
  return [...(every === null ? [] : ["begins" as const]), ...ORDER.filter((axis) => parts.includes(axis))];
}

/** Null: it has no time, so that bars in its table say all; or too many columns. */
export function drawing(made: FiguresOut, figure: string): Drawing | null {
  const axes = axesOf(made);
  const across = (["begins", "hour", "weekday"] as const).find((axis) => axes.includes(axis));
  if (across === undefined) return null;
  const [down, apart] = split(axes.filter((axis) => axis !== across));
  const columns = columnsOf(made, across);
  if (columns.length > (down === null ? MOST_COLUMNS : MOST_IN_MAP)) return null;
  const valuesIn = (of: FiguresOut) => valuesOf(of, figure, [apart, down], across, columnsOf(of, across));
  const values = valuesIn(made);
  const earlier = made.before && valuesIn(made.before);
  const labels = down === "weekday" ? WEEKDAYS : down === null ? [null] : distinct(made.rows, down);
  const parts = (apart === null ? [null] : distinct(made.rows, apart)).map((value) => ({
    apart: apart === null ? null : ([apart, value] as const),
    lines: labels.map((label) => {
      const of = (found: ReadonlyMap<string, number | null>) =>
        columns.map((_, at) => found.get(JSON.stringify([value, label, at])) ?? null);
      return { label, values: of(values), before: earlier && of(earlier) };
    }),
  }));
  const all = parts.flatMap((part) => part.lines.flatMap((line) => [...line.values, ...(line.before ?? [])]));
  return { across, columns, down, parts, most: all.reduce<number>((most, value) => Math.max(most, value ?? 0), 0) };
}

/** Which axis goes down, and which has a drawing for each of its values. */
function split(rest: readonly Axis[]): readonly [Axis | null, Axis | null] {
  const [first = null, second = null] = rest;
  return first === "day_kind" || first === "night" ? [null, first] : [first, second];
}

/** A figure by the values apart and down, and the number of the column. */
function valuesOf(
  made: FiguresOut,
  figure: string,
  [apart, down]: readonly [Axis | null, Axis | null],
  across: Axis,
  columns: readonly Value[],
): ReadonlyMap<string, number | null> {
  const at = new Map(columns.map((column, index) => [column, index]));
  const of = (row: RowOut, axis: Axis | null) => (axis === null ? null : row[axis]);
  return new Map(
    made.rows.map((row) => [
      JSON.stringify([of(row, apart), of(row, down), at.get(across === "begins" ? begins(row) : row[across])]),
      row.figures[figure] ?? null,
    ]),
  );
}

/** For each row that of the days before: the same name, hour, … and the interval with the same number. */
export function rowsBefore(made: FiguresOut): ReadonlyMap<RowOut, RowOut> {
  const { before } = made;
  if (before === null) return new Map();
  const found = new Map(keysOf(before).map((key, index) => [key, before.rows[index]]));
  const pairs = keysOf(made).map((key, index) => [made.rows[index], key && found.get(key)] as const);
  return new Map(pairs.filter((pair): pair is readonly [RowOut, RowOut] => Boolean(pair[0] && pair[1])));
}

/** Of each row what is the same in the one of the days before; null: an interval too late to be drawn. */
function keysOf(made: FiguresOut): readonly (string | null)[] {
  const at = new Map(intervals(made).map((column, index) => [column as Value, index]));
  return made.rows.map((row) => {
    const number = made.every === null ? -1 : at.get(begins(row));
    return number === undefined
      ? null
      : JSON.stringify([row.name, row.hour, row.weekday, row.day_kind, row.night, number]);
  });
}

function begins(row: RowOut): Value {
  return row.begins === null ? null : Date.parse(row.begins);
}

function distinct(rows: readonly RowOut[], axis: Axis): readonly Value[] {
  const found = new Set(rows.map((row) => row[axis]));
  return axis === "day_kind" ? DAY_KINDS.filter((kind) => found.has(kind)) : [...found];
}

function columnsOf(made: FiguresOut, across: Axis): readonly Value[] {
  if (across === "hour") return HOURS;
  return across === "weekday" ? WEEKDAYS : intervals(made);
}

const SECONDS: Readonly<Record<string, number>> = { "15min": 900, hour: 3_600 };

/** The beginnings of a report's intervals, in milliseconds since the epoch, also of those in which nothing happened; the
 *  first ones, if there are more than can be drawn.
 */
export function intervals({ from, to, every }: FiguresOut): readonly number[] {
  if (every === null) return [];
  const end = midnight(dayAfter(to, 1));
  const seconds = SECONDS[every];
  const found: number[] = [];
  let date = first(from, every);
  for (let at = midnight(date); at < end && found.length <= MOST_COLUMNS; ) {
    found.push(at);
    if (seconds === undefined) date = following(date, every);
    at = seconds === undefined ? midnight(date) : at + seconds * 1_000;
  }
  return found;
}

/** The day on which the interval begins that has this day. */
function first(date: string, every: string): string {
  if (every === "week") return dayAfter(date, -((new Date(`${date}T00:00Z`).getUTCDay() + 6) % 7));
  if (every === "month") return `${date.slice(0, 7)}-01`;
  return every === "year" ? `${date.slice(0, 4)}-01-01` : date;
}

/** The day on which the next one begins. */
function following(date: string, every: string): string {
  const days = { day: 1, week: 7, month: 31 }[every] ?? 366;
  return first(dayAfter(date, days), every);
}

function midnight(date: string): number {
  return fromField(`${date}T00:00`);
}
