/** Where the callers of a place come from and go to, by the outline. No DOM. */

import type { LinkOut, NodeOut, OutlineOut } from "../../api/schema";

export interface Neighbour {
  /** The other end; null: the call ends, or the place is said again. */
  readonly place: NodeOut | null;
  readonly way: LinkOut;
}

export function placeOf(outline: OutlineOut | null, name: string | null): NodeOut | null {
  return outline?.places.find(({ place }) => place === name) ?? null;
}

/** The most callers first; of what is not counted the order of the tree. */
export function comingTo(outline: OutlineOut, name: string): Neighbour[] {
  return outline.places
    .flatMap((place) => place.ways.filter((way) => way.to === name).map((way) => ({ place, way })))
    .filter(({ place, way }) => place.place !== name || way.by !== "key")
    .sort((one, other) => (other.way.count ?? 0) - (one.way.count ?? 0));
}

/** In the order of the keys. */
export function goingFrom(outline: OutlineOut, { ways }: NodeOut): Neighbour[] {
  return ways.map((way) => ({ place: placeOf(outline, way.to), way }));
}

/** `1 greening`: the key, and what is said of it; else the condition in words. Empty: it leads there straight. */
export function called({ by, detail, label }: LinkOut): string {
  const key = by === "key" || by === "waiting_key" ? detail : "";
  return [key, label].filter(Boolean).join(" ");
}
