import { expect, test } from "vitest";
import { day, duration, moment, percent, secondsSince, timeOfDay } from "./format";

test.each([
  [0, "0:00"],
  [-3, "0:00"],
  [42.9, "0:42"],
  [60, "1:00"],
  [725, "12:05"],
  [3_599, "59:59"],
  [3_600, "1:00:00"],
  [36_062, "10:01:02"],
])("%s s", (seconds, words) => {
  expect(duration(seconds)).toBe(words);
});

test("times and percents", () => {
  expect(secondsSince("2026-03-03T10:00:00.500+00:00", Date.parse("2026-03-03T10:00:02Z"))).toBe(1.5);
  const noon = new Date(2026, 2, 3, 0, 5, 7).getTime();
  expect([timeOfDay(noon, "zh"), timeOfDay(noon, "en")]).toEqual(["00:05:07", "00:05:07"]);
  expect([percent(null), percent(91.5), percent(0)]).toEqual(["–", "92 %", "0 %"]);
  const told = new Date(2026, 2, 3, 14, 3, 12).toISOString();
  expect([day(told, "zh"), day(told, "en"), moment(told)]).toEqual([
    "2026年3月3日",
    "3 Mar 2026",
    "2026-03-03 14:03:12",
  ]);
});
