import { useNow } from "./clock";
import { duration, secondsSince } from "./format";

/** How long it is since a moment; counts by itself. */
export function Timer({ since }: { since: string }) {
  return <time>{duration(secondsSince(since, useNow()))}</time>;
}

/** How long it is until a moment. */
export function Countdown({ until }: { until: string }) {
  return <time>{duration(-secondsSince(until, useNow()))}</time>;
}
