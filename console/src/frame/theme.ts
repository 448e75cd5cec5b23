/** Light or dark: the system's, or the reader's choice. */

import { kept } from "./kept";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

export const theme = kept<Theme>("theme", THEMES, "system");

/** Put the choice on the page, now and whenever it changes. */
export function applyTheme(root: HTMLElement): void {
  const apply = () => {
    if (theme.get() === "system") delete root.dataset.theme;
    else root.dataset.theme = theme.get();
  };
  theme.follow(apply);
  apply();
}
