/** Which part of a picture is seen, and how it moves. Units: those of the picture. No DOM. */

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Box extends Size {
  readonly x: number;
  readonly y: number;
}

/** The view box of the drawing. It has the proportions of the room in which it is seen. */
export type View = Box;

/** Pixels of the screen for a unit of the picture: letters of 13 are between 3 and 40 pixels high. */
const LEAST = 0.2;
const MOST = 3;
/** Of a small tree: it is not blown up to fill the room. */
const FULL = 1;

const limited = (value: number, least: number, most: number) => Math.min(Math.max(value, least), most);

export function scaleOf(view: View, room: Size): number {
  return room.width / view.width;
}

/** All of the picture, in the middle. */
export function whole(picture: Size, room: Size): View {
  const scale = limited(Math.min(room.width / picture.width, room.height / picture.height), LEAST, FULL);
  return around({ x: picture.width / 2, y: picture.height / 2 }, scale, picture, room);
}

/** As large as the picture is, with its upper left corner. */
export function first(picture: Size, room: Size): View {
  const scale = limited(room.width / picture.width, 0.55, FULL);
  return kept({ x: 0, y: 0, width: room.width / scale, height: room.height / scale }, picture);
}

/** `factor` above 1 enlarges; the point `at` (0 to 1 of the room) stays where it is. */
export function zoomed(view: View, factor: number, picture: Size, room: Size, at = { x: 0.5, y: 0.5 }): View {
  const scale = limited(scaleOf(view, room) * factor, LEAST, MOST);
  const width = room.width / scale;
  const height = room.height / scale;
  const x = view.x + (view.width - width) * at.x;
  const y = view.y + (view.height - height) * at.y;
  return kept({ x, y, width, height }, picture);
}

/** `by`: pixels of the screen. */
export function moved(view: View, by: { x: number; y: number }, picture: Size, room: Size): View {
  const scale = scaleOf(view, room);
  return kept({ ...view, x: view.x + by.x / scale, y: view.y + by.y / scale }, picture);
}

/** With the box in the middle of its height. */
export function beside(view: View, box: Box, picture: Size): View {
  return kept({ ...view, y: box.y + (box.height - view.height) / 2 }, picture);
}

/** The same scale in a room of another size. */
export function resized(view: View, before: Size, room: Size, picture: Size): View {
  const scale = scaleOf(view, before);
  return kept({ x: view.x, y: view.y, width: room.width / scale, height: room.height / scale }, picture);
}

/** Moved just as far that the box is seen with some room around it; as it is if it is seen already. */
export function showing(view: View, box: Box, picture: Size): View {
  const edge = Math.min(40, view.width / 8);
  const shift = (from: number, length: number, start: number, size: number) =>
    start - edge < from ? start - edge : start + size + edge > from + length ? start + size + edge - length : from;
  const x = box.width + 2 * edge > view.width ? box.x - edge : shift(view.x, view.width, box.x, box.width);
  const y = box.height + 2 * edge > view.height ? box.y - edge : shift(view.y, view.height, box.y, box.height);
  return kept({ ...view, x, y }, picture);
}

function around(middle: { x: number; y: number }, scale: number, picture: Size, room: Size): View {
  const [width, height] = [room.width / scale, room.height / scale];
  return kept({ x: middle.x - width / 2, y: middle.y - height / 2, width, height }, picture);
}

/** The picture is never lost from sight: what is smaller than the room is in its middle. */
function kept(view: View, picture: Size): View {
  const one = (from: number, length: number, whole: number) =>
    length >= whole ? (whole - length) / 2 : limited(from, 0, whole - length);
  return { ...view, x: one(view.x, view.width, picture.width), y: one(view.y, view.height, picture.height) };
}

/** A place, and where it is in the picture. */
export interface Spot extends Box {
  readonly place: string;
}

/** The place that an arrow key leads to: the nearest one on that side; the same one if there is none. */
export function neighbour(spots: readonly Spot[], from: string, key: string): string {
  const here = spots.find(({ place }) => place === from);
  const side = SIDES[key];
  if (here === undefined || side === undefined) return from;
  let best = from;
  let least = Number.POSITIVE_INFINITY;
  for (const spot of spots) {
    const along = (spot.x - here.x) * side.x + (spot.y - here.y) * side.y;
    const across = Math.abs((spot.x - here.x) * side.y) + Math.abs((spot.y - here.y) * side.x);
    if (spot.place === from || along <= 1) continue;
    // To the side the next column counts, and in it the nearest place. Up and down lead along the own column first.
    const far = side.x !== 0 ? along * 1_000 + across : along + 2 * across;
    if (far < least) [best, least] = [spot.place, far];
  }
  return best;
}

const SIDES: Readonly<Record<string, { x: number; y: number }>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};
