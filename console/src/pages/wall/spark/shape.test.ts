import { expect, test } from "vitest";
import { HIGH, shape, unknown } from "./shape";

const hour = (...last: (number | null)[]) => [...Array<null>(60 - last.length).fill(null), ...last];

test("a step for each minute and one for now; gaps and nobody are nothing", () => {
  const { area, width } = shape(hour(4, 0, null, 2), 8);
  expect(width).toBe(61);
  expect(area).toBe(`M56 ${HIGH}v-10h1v10zM59 ${HIGH}v-5h1v5zM60 ${HIGH}v-20h1v20z`);
});

test("one caller is no mountain", () => {
  expect(shape(hour(1), 0).area).toBe(`M59 ${HIGH}v-5h1v5z`);
});

test("the peak is the last of the highest", () => {
  expect(shape(hour(7, 3, 7, 0), 2).peak).toEqual({ waiting: 7, ago: 2 });
  expect(shape(hour(7), 7).peak).toEqual({ waiting: 7, ago: 0 });
  expect(shape(hour(0, 0), 0).peak).toBeNull();
});

test("nothing is known before the first minute is over", () => {
  expect(unknown(hour())).toBe(true);
  expect(unknown(hour(0))).toBe(false);
});
