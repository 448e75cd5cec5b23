import { expect, test } from "vitest";
import { matching, moved, shown, under } from "./codes";

const CODES = [
  { code: "11", name: { zh: "当场答复", en: "Answered" } },
  { code: "12", name: { zh: "转办", en: "Referred" } },
  { code: "answered", name: { "*": "Answered" } },
  { code: "unanswered", name: { zh: "未答复", en: "Left open" } },
];

const found = (typed: string) => matching(CODES, typed).map(({ code }) => code);

test("a few letters of the code or of the name in either language", () => {
  expect(found("")).toEqual(["11", "12", "answered", "unanswered"]);
  expect(found("ANSW")).toEqual(["11", "answered", "unanswered"]);
  expect(found("答复")).toEqual(["11", "unanswered"]);
  expect(found(" 12 ")).toEqual(["12"]);
  expect(found("x")).toEqual([]);
});

test("digits are hotkeys of the first nine", () => {
  expect(under("2", CODES)?.code).toBe("12");
  for (const key of ["9", "0", "a", "Enter", "11"]) expect(under(key, CODES)).toBeUndefined();
});

test("arrows stay in the list", () => {
  expect([moved(0, "ArrowDown", 3), moved(2, "ArrowDown", 3), moved(0, "ArrowUp", 3), moved(0, "End", 3)]).toEqual([
    1, 2, 0, 2,
  ]);
  expect(moved(4, "Home", 0)).toBe(0);
});

test("a code that is its own name is said once", () => {
  expect(CODES.map((code) => shown(code, "en"))).toEqual(["11 · Answered", "12 · Referred", "Answered", "Left open"]);
});
