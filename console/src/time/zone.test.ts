import { afterEach, expect, test } from "vitest";
import { dayAndTime, moment, timeOfDay } from "./format";
import { clock, fromField, hotlineZone, setZone } from "./zone";

afterEach(() => setZone("no zone"));

test("times are of the hotline's zone, not of this computer's", () => {
  const told = "2026-03-03T20:03:12.900+00:00";
  setZone("Asia/Shanghai");
  expect([moment(told), timeOfDay(Date.parse(told), "zh")]).toEqual(["2026-03-04 04:03:12", "04:03:12"]);
  setZone("America/New_York");
  expect([moment(told), dayAndTime(Date.parse(told), "en")]).toEqual(["2026-03-03 15:03:12", "3 Mar, 15:03"]);
});

test("a field is read on the hotline's clock, also near the hours that a clock is changed", () => {
  setZone("Asia/Shanghai");
  expect(new Date(fromField("2026-03-03T14:03")).toISOString()).toBe("2026-03-03T06:03:00.000Z");
  setZone("Europe/Dublin"); // from 01:00 to 02:00 on 29 March, and back on 25 October
  for (const field of ["2026-03-29T00:59", "2026-03-29T02:01", "2026-10-25T00:30", "2026-10-25T02:30"]) {
    expect(clock(fromField(field)).slice(0, 16)).toBe(field.replace("T", " "));
  }
});

test("a zone that this browser does not know leaves its own", () => {
  setZone("Mars/Olympus");
  expect(hotlineZone()).toBeUndefined();
});
