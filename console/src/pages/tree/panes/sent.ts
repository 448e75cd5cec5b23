/** A draft as the service takes it, and what it answers of one. */

import type { FilesIn } from "../../../api/schema";
import type { Files, PlaceName } from "../model";

export function sent(files: Files): FilesIn {
  return { "hotline.yaml": "", "agents.yaml": "", ...files };
}

/** The parts by the place in which they are, in the order in which the places come. */
export function byPlace<T extends { place: PlaceName }>(parts: readonly T[]): readonly (readonly [PlaceName, T[]])[] {
  const found = new Map<PlaceName, T[]>();
  for (const part of parts) found.set(part.place, [...(found.get(part.place) ?? []), part]);
  return [...found];
}

/** `menus/main` → `main`. */
export function short(place: PlaceName): string {
  return place.slice(place.indexOf("/") + 1) || place.replace("/", "");
}
