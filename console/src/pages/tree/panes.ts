/** What is done with a draft beside editing it: each has its component in `panes/`, fetched when it is first shown. */

import type { ComponentType } from "preact";
import type { Text } from "../../texts/texts";
import type { PaneProps } from "./model";

export interface Pane {
  readonly name: string;
  readonly title: Text;
  readonly load: () => Promise<ComponentType<PaneProps>>;
}

export const PANES: readonly Pane[] = [];
