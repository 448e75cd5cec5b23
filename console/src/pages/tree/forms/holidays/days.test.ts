import { describe, expect, test } from "vitest";
import type { CountryOut } from "../../../../api/schema";
import { edited, type Value } from "../value";
import { kindOf, runs, withKind } from "./days";

describe("the days of a calendar", () => {
  const country: CountryOut = {
    weekend: [5, 6],
    holidays: ["2026-10-01", "2026-10-02"],
    makeup: ["2026-10-10"],
    until: "2026-12-31",
  };
  const calendar = { country: "CN", off: ["2026-10-12 to 2026-10-14"], working: ["2026-10-02"] };
  const became = (value: Value, from: string, to: string, list: "off" | "working" | null) =>
    withKind([], value, from, to, list).reduce(edited, value);

  test("what a date is", () => {
    const dates = ["2026-10-01", "2026-10-02", "2026-10-03", "2026-10-10", "2026-10-13", "2026-10-15"];
    expect(dates.map((date) => kindOf(calendar, country, date))).toEqual([
      "holiday",
      "working",
      "weekend",
      "makeup",
      "off",
      null,
    ]);
    expect(kindOf({ weekend: ["fri"] }, undefined, "2026-10-02")).toBe("weekend");
    expect(kindOf({ weekend: [] }, country, "2026-10-03")).toBeNull();
  });

  test("a day is in one list, and longer times are divided", () => {
    expect(became(calendar, "2026-10-13", "2026-10-13", "working")).toEqual({
      country: "CN",
      working: ["2026-10-02", "2026-10-13"],
      off: ["2026-10-12", "2026-10-14"],
    });
    expect(became(calendar, "2026-10-01", "2026-10-12", "off")).toEqual({
      country: "CN",
      off: ["2026-10-13 to 2026-10-14", "2026-10-01 to 2026-10-12"],
    });
    expect(became(calendar, "2026-10-01", "2026-10-31", null)).toEqual({ country: "CN" });
  });

  test("others stay as they are written, and one without a country keeps a list", () => {
    const steps = withKind(["calendars", "x"], { off: ["2026-01-01", "2026-02-01"] }, "2026-01-01", "2026-01-01", null);
    expect(steps).toEqual([{ do: "remove", file: "hotline.yaml", path: ["calendars", "x", "off", 0] }]);
    expect(became({ working: ["2026-01-03"] }, "2026-01-03", "2026-01-03", "off")).toEqual({ off: ["2026-01-03"] });
    expect(became({ off: ["2026-01-01"] }, "2026-01-01", "2026-01-01", null)).toEqual({ off: [] });
    const many = { off: Array.from({ length: 30 }, (_, day) => `2026-01-${String(day + 1).padStart(2, "0")}`) };
    expect(withKind([], many, "2026-01-01", "2026-01-29", null)).toHaveLength(1);
    expect(became(many, "2026-01-01", "2026-01-29", null)).toEqual({ off: ["2026-01-30"] });
  });

  test("days in a row", () => {
    expect(runs(["2025-12-31", "2026-10-01", "2026-10-02", "2026-10-10"], "2026")).toEqual(["10-01 – 10-02", "10-10"]);
  });
});
