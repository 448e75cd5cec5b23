/** The pages. Each is a folder below `pages/` with a `page.ts`; nothing else names it. */

import type { ComponentType } from "preact";
import type { Role, SessionOut } from "../api/schema";
import { has } from "../session/session";
import type { Text } from "../texts/texts";

export interface Page {
  /** The folder's name; the address is `/name`. */
  readonly name: string;
  readonly title: Text;
  /** Roles that may open it. */
  readonly roles: readonly Role[];
  /** The first page that a person may open is the one at `/`: lower comes first. */
  readonly order: number;
  /** Not in the bar: another place leads there. */
  readonly aside?: true;
  /** Fetches the page's code when it is first opened. */
  readonly load: () => Promise<{ default: ComponentType }>;
}

const found = import.meta.glob<{ page: Page }>("../pages/*/page.ts", { eager: true });

export const PAGES: readonly Page[] = Object.values(found)
  .map(({ page }) => page)
  .sort((one, other) => one.order - other.order);

export function pagesOf(who: SessionOut, pages: readonly Page[] = PAGES): readonly Page[] {
  return pages.filter((page) => has(who, ...page.roles));
}

/** The page at that path for this person; null: there is none, or it is not for the person. */
export function pageAt(path: string, who: SessionOut, pages: readonly Page[] = PAGES): Page | null {
  const mine = pagesOf(who, pages);
  return (path === "/" ? mine.find((page) => !page.aside) : mine.find((page) => path === `/${page.name}`)) ?? null;
}
