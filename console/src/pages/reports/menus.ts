/** What callers did in each menu. Pure. */

import type { FiguresOut, OutlineOut, RowOut } from "../../api/schema";
import { split } from "./values";

export interface Pressed {
  readonly key: string;
  /** What callers hear of it in the hotline in use; empty: it has no such key. */
  readonly label: string;
  readonly times: number;
}

export interface Menu {
  readonly id: string;
  readonly figures: RowOut["figures"];
  readonly keys: readonly Pressed[];
}

/** The menus into which most callers came first; the keys of each as a telephone has them. */
export function menusOf(menus: FiguresOut, keys: FiguresOut, outline: OutlineOut | null): readonly Menu[] {
  const places = new Map((outline?.places ?? []).map((place) => [place.place, place]));
  const found = menus.rows.map(({ name, figures }) => {
    const id = name ?? "";
    const links = places.get(`menus/${id}`)?.ways ?? [];
    const pressed = keys.rows.flatMap((row) => {
      const [menu, key] = split(row.name ?? "");
      if (menu !== id) return [];
      const link = links.find(({ by, detail }) => by === "key" && detail === key);
      return [{ key, label: link?.label ?? "", times: row.figures.keys ?? 0 }];
    });
    return { id, figures, keys: pressed.sort((one, other) => ORDER.indexOf(one.key) - ORDER.indexOf(other.key)) };
  });
  return found.sort((one, other) => (other.figures.menu_entries ?? 0) - (one.figures.menu_entries ?? 0));
}

const ORDER = "1234567890*#";
