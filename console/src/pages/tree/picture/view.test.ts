import { expect, test } from "vitest";
import { beside, first, moved, neighbour, resized, scaleOf, showing, whole, zoomed } from "./view";

const picture = { width: 2000, height: 1000 };
const room = { width: 500, height: 500 };

test("the whole picture is in the middle, and a small one is not blown up", () => {
  expect(whole(picture, room)).toEqual({ x: 0, y: -500, width: 2000, height: 2000 });
  expect(scaleOf(whole({ width: 100, height: 100 }, room), room)).toBe(1);
});

test("it begins at the upper left corner, large enough to be read", () => {
  const view = first(picture, room);
  expect([view.x, view.y]).toEqual([0, 0]);
  expect(scaleOf(view, room)).toBeCloseTo(0.55);
});

test("the point under the pointer stays where it is, and there is an end to it", () => {
  const view = zoomed(first(picture, room), 2, picture, room, { x: 0.5, y: 0.25 });
  expect(scaleOf(view, room)).toBeCloseTo(1.1);
  const before = first(picture, room);
  expect(view.x + view.width / 2).toBeCloseTo(before.x + before.width / 2);
  expect(view.y + view.height / 4).toBeCloseTo(before.y + before.height / 4);
  expect(scaleOf(zoomed(view, 1e6, picture, room), room)).toBe(3);
  expect(scaleOf(zoomed(view, 1e-6, picture, room), room)).toBe(0.2);
});

test("a place is brought to the middle of the height", () => {
  const view = beside(first(picture, room), { x: 0, y: 480, width: 300, height: 40 }, picture);
  expect(view.y + view.height / 2).toBeCloseTo(500);
});

test("it cannot be moved out of sight", () => {
  const view = moved(first(picture, room), { x: 1e6, y: -1e6 }, picture, room);
  expect(view.x + view.width).toBeCloseTo(2000);
  expect(view.y).toBe(0);
});

test("a room of another size shows more, not larger", () => {
  const view = resized(first(picture, room), room, { width: 1000, height: 400 }, picture);
  expect(scaleOf(view, { width: 1000, height: 400 })).toBeCloseTo(0.55);
});

test("a place that is not seen is brought into sight, one that is seen stays", () => {
  const view = first(picture, room);
  const box = { x: 100, y: 100, width: 300, height: 100 };
  expect(showing(view, box, picture)).toEqual(view);
  const there = showing(view, { ...box, x: 1500 }, picture);
  expect(there.x + there.width).toBeCloseTo(1840);
});

test("arrow keys lead to the nearest place on that side", () => {
  const at = (place: string, x: number, y: number) => ({ place, x, y, width: 300, height: 100 });
  const spots = [
    at("start", 0, 0),
    at("menu", 400, 0),
    at("water", 800, 0),
    at("gas", 800, 150),
    at("roads", 800, 300),
  ];
  expect(neighbour(spots, "start", "ArrowRight")).toBe("menu");
  expect(neighbour(spots, "gas", "ArrowLeft")).toBe("menu");
  expect(neighbour(spots, "roads", "ArrowLeft")).toBe("menu");
  expect(neighbour(spots, "gas", "ArrowDown")).toBe("roads");
  expect(neighbour(spots, "roads", "ArrowDown")).toBe("roads");
  expect(neighbour(spots, "gas", "Enter")).toBe("gas");
});
