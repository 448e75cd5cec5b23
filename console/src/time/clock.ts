/** The service's clock, as far as this page knows it, and one tick a second for all that counts time. */

import { useEffect, useState } from "preact/hooks";

let offset: number | null = null;

/** The service said that it is `at` (milliseconds). Messages are late by different times; the quickest is the truest. */
export function heardAt(at: number): void {
  const found = at - Date.now();
  offset = offset === null ? found : Math.max(offset, found);
  if (Math.abs(found - offset) > 5_000) offset = found; // somebody has set a clock
}

let held: number | null = null;

/** Let time stand still at that moment; null: let it go on. */
export function hold(at: number | null): void {
  held = at;
}

/** Milliseconds since the epoch, on the service's clock. */
export function now(): number {
  return held ?? Date.now() + (offset ?? 0);
}

const tickers = new Set<() => void>();
let ticking: ReturnType<typeof setInterval> | undefined;

function follow(ticker: () => void): () => void {
  tickers.add(ticker);
  ticking ??= setInterval(() => {
    for (const each of [...tickers]) each();
  }, 1_000);
  return () => {
    tickers.delete(ticker);
    if (tickers.size > 0) return;
    clearInterval(ticking);
    ticking = undefined;
  };
}

/** The time now; the component is drawn again each second. */
export function useNow(): number {
  const [, redraw] = useState(0);
  useEffect(() => follow(() => redraw((count) => count + 1)), []);
  return now();
}
