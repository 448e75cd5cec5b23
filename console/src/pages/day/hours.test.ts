import { expect, test } from "vitest";
import type { SpanOut } from "../../api/schema";
import { hours, later, wholeSeconds } from "./hours";

function span(from: string, until: string): SpanOut {
  const at = (time: string) => `2026-03-02T${time}.000+00:00`;
  return { from: at(from), until: at(until), kind: "ready", reason: "", queue: null, call_id: null, missed: null };
}

const utc = (at: number) => new Date(at).toISOString().slice(0, 19).replace("T", " ");
const halfHour = (at: number) => utc(at + 1_800_000);

test("a span is cut by the hours of the hotline's clock", () => {
  const lines = hours([span("08:45:00", "10:15:00"), span("11:30:00", "11:30:00")], utc);
  expect(lines.map(({ begin }) => utc(begin).slice(11))).toEqual(["08:00:00", "09:00:00", "10:00:00", "11:00:00"]);
  expect(lines.map(({ parts }) => parts.map(({ left, width }) => [left, width]))).toEqual([
    [[75, 25]],
    [[0, 100]],
    [[0, 25]],
    [[50, 0]],
  ]);
  expect(hours([span("08:45:10", "08:50:00")], halfHour).map(({ begin }) => utc(begin).slice(11))).toEqual([
    "08:30:00",
  ]);
  expect(hours([], utc)).toEqual([]);
});

test("seconds that are shown add up", () => {
  expect(wholeSeconds([400, 400, 400])).toEqual([0, 1, 0]);
  expect(wholeSeconds([1_499, 1_501])).toEqual([1, 2]);
});

test("the day before a month", () => {
  expect(later("2026-03-01", -1)).toBe("2026-02-28");
  expect(later("2026-12-31", 1)).toBe("2027-01-01");
});
