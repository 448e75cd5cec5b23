import { afterAll, beforeAll, expect, test } from "vitest";
import { say } from "../../texts/texts";
import { setZone } from "../../time/zone";
import type { Axis, Value } from "./drawing";
import { figure, label, share } from "./values";

beforeAll(() => setZone("Asia/Shanghai"));
afterAll(() => setZone("no zone"));

test.each([
  [1_234, "count", "1,234"],
  [91.4, "percent", "91 %"],
  [42.6, "seconds", "0:42"],
  [-12, "seconds", "-0:12"],
  [4.25, "score", "4.3"],
  [null, "count", "–"],
] as const)("%s %s is %s", (value, unit, words) => expect(figure(value, unit, "en")).toBe(words));

test("shares are of a hundred, other bars of the greatest; nothing and less than nothing have none", () => {
  expect([share(50, "percent", 80), share(50, "count", 200), share(null, "count", 9), share(-3, "seconds", 9)]).toEqual(
    [0.5, 0.25, 0, 0],
  );
  expect(share(0, "count", 0)).toBe(0);
});

const names = {
  ...{ queues: { gas: { zh: "燃气", en: "Gas" } }, departments: {}, menus: { main: { "*": "Main" } }, skills: {} },
  ...{ breaks: { lunch: { zh: "用餐", en: "Lunch" } }, agents: {} },
};

function words(axis: Axis, value: Value, dimension = "", every: string | null = null, short = false): string {
  const speaker = { language: "en" as const, say: (text: Parameters<typeof say>[0]) => say(text, "en") };
  return label(axis, value, { known: { names, agents: new Map([["1001", "Li"]]) }, speaker, dimension, every }, short);
}

test.each([
  ["queue", "gas", "Gas"],
  ["queue", "gone", "gone"],
  ["agent", "1001", "1001 Li"],
  ["key", "main/*", "Main › *"],
  ["break", "用餐", "Lunch"],
  ["break", "rona", "Did not answer"],
  ["break", "", "not given"],
  ["destination", "queue:gas", "Gas"],
  ["destination", "number", "a number outside"],
  ["language", "zh", "Chinese"],
  ["version", "v12", "v12"],
])("the %s %s is called %s", (dimension, name, expected) => expect(words("name", name, dimension)).toBe(expected));

test("times are said as far as the interval needs", () => {
  const at = Date.parse("2026-03-01T16:15:00Z");
  expect(["15min", "day", "month", "year"].map((every) => words("begins", at, "", every))).toEqual([
    "2026-03-02 00:15",
    "2026-03-02",
    "2026-03",
    "2026",
  ]);
  expect(words("begins", "2026-03-01T16:15:00Z", "", "hour", true)).toBe("00:15");
  expect([words("hour", 7), words("hour", 7, "", null, true)]).toEqual(["07:00", "07"]);
  expect([words("weekday", 1), words("weekday", 7)]).toEqual(["Monday", "Sunday"]);
  expect([words("day_kind", "holiday"), words("night", false)]).toEqual(["Holidays", "Day (6 to 22)"]);
});
