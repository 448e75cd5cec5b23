import { afterAll, beforeAll, expect, test } from "vitest";
import type { FiguresOut, RowOut } from "../../api/schema";
import { setZone } from "../../time/zone";
import { drawing, intervals, MOST_COLUMNS, rowsBefore } from "./drawing";

beforeAll(() => setZone("Europe/Berlin"));
afterAll(() => setZone("no zone"));

const row = (parts: Partial<RowOut>, calls: number | null = 1): RowOut => ({
  ...{ name: null, begins: null, hour: null, weekday: null, day_kind: null, night: null },
  ...parts,
  figures: { calls },
});

const made = (parts: Partial<FiguresOut>): FiguresOut =>
  ({ from: "2026-03-02", to: "2026-03-03", by: [], every: null, before: null, rows: [], ...parts }) as FiguresOut;

test("queues and hours are a map; where nothing happened, nothing is", () => {
  const rows = [
    row({ name: "gas", hour: 9 }, 3),
    row({ name: "gas", hour: 23 }, 5),
    row({ name: "water", hour: 9 }, 0),
  ];
  const found = drawing(made({ by: ["queue", "hour"], rows }), "calls");
  expect(found).toMatchObject({ across: "hour", down: "name", most: 5 });
  expect(found?.columns).toHaveLength(24);
  const [gas, water] = found?.parts[0]?.lines ?? [];
  expect([gas?.label, gas?.values[9], gas?.values[23], gas?.values[0]]).toEqual(["gas", 3, 5, null]);
  expect([water?.label, water?.values[9]]).toEqual(["water", 0]);
});

test("workdays and weekends are apart, also without a dimension", () => {
  const rows = [row({ hour: 9, day_kind: "weekend" }, 1), row({ hour: 9, day_kind: "workday" }, 3)];
  const found = drawing(made({ by: ["hour", "day-kind"], rows }), "calls");
  expect(found?.down).toBeNull();
  expect(found?.parts.map((part) => [part.apart?.[1], part.lines[0]?.values[9]])).toEqual([
    ["workday", 3],
    ["weekend", 1],
  ]);
  const queues = rows.map((each) => ({ ...each, name: "gas" }));
  expect(drawing(made({ by: ["queue", "hour", "day-kind"], rows: queues }), "calls")).toMatchObject({ down: "name" });
});

test("weekdays go down where hours go across", () => {
  const found = drawing(made({ by: ["hour", "weekday"], rows: [row({ hour: 9, weekday: 7 }, 2)] }), "calls");
  expect(found?.down).toBe("weekday");
  expect(found?.parts[0]?.lines[6]?.values[9]).toBe(2);
});

test("intervals in which nothing happened have their place, and the days before lie on them", () => {
  const before = made({
    from: "2026-02-23",
    to: "2026-02-24",
    every: "day",
    rows: [row({ begins: "2026-02-24T00:00:00+01:00" }, 7)],
  });
  const rows = [row({ begins: "2026-03-03T00:00:00+01:00" }, 4)];
  const now = made({ every: "day", rows, before });
  const [line] = drawing(now, "calls")?.parts[0]?.lines ?? [];
  expect(line).toEqual({ label: null, values: [null, 4], before: [null, 7] });
  expect([...rowsBefore(now).values()].map((found) => found.figures.calls)).toEqual([7]);
});

test("a day on which the clock changes has 23 or 25 hours", () => {
  expect(intervals(made({ from: "2026-03-29", to: "2026-03-29", every: "hour" }))).toHaveLength(23);
  expect(intervals(made({ from: "2026-10-25", to: "2026-10-25", every: "15min" }))).toHaveLength(100);
});

test.each([
  ["day", ["2026-01-30T23:00", "2026-01-31T23:00", "2026-02-01T23:00"]],
  ["week", ["2026-01-25T23:00", "2026-02-01T23:00"]],
  ["month", ["2025-12-31T23:00", "2026-01-31T23:00"]],
  ["year", ["2025-12-31T23:00"]],
] as const)("each %s begins at midnight on the hotline's clock", (every, expected) => {
  const found = intervals(made({ from: "2026-01-31", to: "2026-02-02", every }));
  expect(found.map((at) => new Date(at).toISOString().slice(0, 16))).toEqual(expected);
});

test("too many columns are not drawn, and are not even counted", () => {
  const long = made({
    from: "2020-01-01",
    to: "2029-12-31",
    every: "hour",
    rows: [row({ begins: "2020-01-01T00:00:00+01:00" })],
  });
  expect(intervals(long)).toHaveLength(MOST_COLUMNS + 1);
  expect(drawing(long, "calls")).toBeNull();
});

test("queues alone are bars in their table", () => {
  expect(drawing(made({ by: ["queue"], rows: [row({ name: "gas" })] }), "calls")).toBeNull();
});
