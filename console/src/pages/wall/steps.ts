/** Where an arrow key leads in a grid of cards. Pure. */

/** `at`: index of the card that has the focus. Answers another index, or `at` where there is none. */
export function next(key: string, at: number, count: number, perRow: number): number {
  switch (key) {
    case "ArrowRight":
      return Math.min(count - 1, at + 1);
    case "ArrowLeft":
      return Math.max(0, at - 1);
    case "ArrowDown":
      return at + perRow < count ? at + perRow : at;
    case "ArrowUp":
      return at - perRow >= 0 ? at - perRow : at;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return at;
  }
}
