import { expect, test } from "vitest";
import { arrived, drawn, frame, WITHIN } from "./pace";

const map = (...values: readonly number[]) => new Map(values.map((value, at) => [`q${at}`, value]));
const never = () => false;
const values = (news: ReadonlyMap<string, number>) => [...news.values()];

test("a third of the changes in each of three frames, in the order of the map", () => {
  const news = map(1, 1, 1, 1, 1, 1);
  let now = arrived(drawn(map(0, 0, 0, 0, 0, 0)), news, never, 0);
  expect(values(now.drawn)).toEqual([0, 0, 0, 0, 0, 0]);
  now = frame(now, news, WITHIN / 3);
  expect(values(now.drawn)).toEqual([1, 1, 0, 0, 0, 0]);
  now = frame(now, news, (2 * WITHIN) / 3);
  expect(values(now.drawn)).toEqual([1, 1, 1, 1, 0, 0]);
  now = frame(now, news, WITHIN);
  expect([values(now.drawn), now.behind]).toEqual([[1, 1, 1, 1, 1, 1], []]);
});

test("what did not change is not drawn again, and the map keeps its order", () => {
  const news = map(0, 1, 0);
  const now = arrived(drawn(map(0, 0, 0)), news, never, 0);
  expect(now.behind).toEqual(["q1"]);
  expect([...frame(now, news, 1).drawn]).toEqual([...news]);
});

test("a late frame draws all that is left: a slow computer gets few frames, not old figures", () => {
  const news = map(1, 1, 1);
  expect(frame(arrived(drawn(map(0, 0, 0)), news, never, 0), news, WITHIN + 1).behind).toEqual([]);
});

test("later changes do not put off the earlier ones, and the newest value is drawn", () => {
  const first = map(1, 1, 0);
  const one = frame(arrived(drawn(map(0, 0, 0)), first, never, 0), first, 1);
  expect(one.behind).toEqual(["q1"]);
  const later = map(2, 2, 2);
  const then = arrived(one, later, never, 40);
  expect([then.behind, then.due]).toEqual([["q1", "q0", "q2"], WITHIN]);
  expect(values(frame(then, later, WITHIN).drawn)).toEqual([2, 2, 2]);
});

test("what is as before again is not behind any more", () => {
  const before = map(0, 0);
  const news = arrived(drawn(before), map(1, 0), never, 0);
  expect(arrived(news, before, never, 10).behind).toEqual([]);
});

test("what is urgent is drawn at once, also where it was behind", () => {
  const big = (was: number, now: number) => now - was > 5;
  const news = arrived(drawn(map(0, 0, 0)), map(1, 9, 0), big, 0);
  expect([values(news.drawn), news.behind]).toEqual([[0, 9, 0], ["q0"]]);
  const later = arrived(news, map(8, 9, 1), big, 10);
  expect([values(later.drawn), later.behind]).toEqual([[8, 9, 0], ["q2"]]);
});

test("other names, or another order, are drawn at once", () => {
  const before = arrived(drawn(map(0, 0)), map(1, 1), never, 0);
  const more = map(2, 2, 2);
  expect(arrived(before, more, never, 1)).toEqual(drawn(more));
  const turned = new Map([...map(3, 4)].reverse());
  expect(arrived(before, turned, never, 1)).toEqual(drawn(turned));
});

test("a frame draws something, though no time has passed", () => {
  const news = map(1, 1);
  expect(frame(arrived(drawn(map(0, 0)), news, never, 5), news, 5).behind).toEqual(["q1"]);
});
