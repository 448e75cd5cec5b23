/** How many columns make the tiles of a big screen largest. Pure. */

/** Width ÷ height of a tile at which its figures fit best. */
const SHAPE = 1.1;

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
