import { expect, test } from "vitest";
import SAMPLE from "../../../../../examples/12319/hotline.yaml?raw";
import { namesIn, parse, placeAt, rangeOf } from "./yaml";

const doc = parse(SAMPLE);

test("the lines of a place, and the place of a line", () => {
  for (const place of ["menus/main", "menus/utilities", "queues/gas", "sub_hotlines/greening-bureau"]) {
    const range = rangeOf(doc, place);
    expect(range, place).not.toBeNull();
    const { from, to } = range ?? { from: 0, to: 0 };
    expect(SAMPLE.slice(from, to)).toMatch(new RegExp(`^${place.split("/")[1]}:`));
    expect(placeAt(doc, from), place).toBe(place);
    expect(placeAt(doc, from + 30), place).toBe(place);
  }
  expect(rangeOf(doc, "menus/gone")).toBeNull();
  expect(rangeOf(doc, "hotline/12319")?.from).toBe(SAMPLE.indexOf('hotline: "12319"'));
  expect(placeAt(doc, SAMPLE.indexOf("timezone"))).toBeNull();
  expect(namesIn(doc, "menus")).toContain("streets");
});

test("a text that is half typed keeps its places", () => {
  const broken = parse('menus:\n  main:\n    keys:\n      "1": {queue: }\n  other:\n    say: x\nqueues:\n  a:\n    na');
  expect(placeAt(broken, broken.text.length)).toBe("queues/a");
  expect(rangeOf(broken, "menus/main")?.from).toBe(9);
});
