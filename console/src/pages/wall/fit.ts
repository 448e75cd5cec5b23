/** How many columns make the tiles of a big screen largest. Pure. */

/** Width ÷ height of a tile at which its figures fit best. */
const SHAPE = 1.1;

/** Small letters that a tile is wide and high; so high without the last hour. See QueueTile.module.css. */
const WIDE = 17;
const HIGH = 17.25;
const LEAN_HIGH = 14.25;

/** Pixels of a small letter below which the last hour makes room for larger letters, and never less than the other. */
const READABLE = 12;
const LEAST = 8;

export interface Fit {
  readonly across: number;
  /** Pixels of a small letter. */
  readonly unit: number;
  /** Whether the tiles leave out the last hour. */
  readonly lean: boolean;
}

/** How `count` tiles fill the room. `gap`: between two. All in pixels. */
export function fill(count: number, width: number, height: number, gap: number): Fit {
  const across = columns(count, width, height);
  const down = Math.max(1, Math.ceil(count / across));
  const [wide, high] = [(width - gap * (across - 1)) / across, (height - gap * (down - 1)) / down];
  const unitAt = (letters: number) => Math.max(LEAST, Math.floor(Math.min(wide / WIDE, high / letters)));
  const lean = unitAt(HIGH) < READABLE;
  return { across, unit: unitAt(lean ? LEAN_HIGH : HIGH), lean };
}

/** `width`, `height`: of the room for `count` tiles, in any unit. Answers 1 or more. */
export function columns(count: number, width: number, height: number): number {
  let best = 1;
  let largest = 0;
  for (let tried = 1; tried <= Math.max(1, count); tried += 1) {
    const [wide, high] = [width / tried, height / Math.ceil(count / tried)];
    const size = Math.min(wide, high * SHAPE);
    if (size > largest * 1.001) [best, largest] = [tried, size];
  }
  return best;
}
