/** What is done with a draft beside editing it: each has its component in `panes/`, fetched when it is first shown. */

import type { ComponentType } from "preact";
import type { Text } from "../../texts/texts";
import type { PaneProps } from "./model";
import { TEXTS } from "./panes/titles";

export interface Pane {
  readonly name: string;
  readonly title: Text;
  readonly load: () => Promise<ComponentType<PaneProps>>;
}

export const PANES: readonly Pane[] = [
  { name: "walk", title: TEXTS.walk, load: async () => (await import("./panes/Walk")).Walk },
  { name: "try", title: TEXTS.try, load: async () => (await import("./panes/Trying")).Trying },
  { name: "compare", title: TEXTS.compare, load: async () => (await import("./panes/Compare")).Compare },
  { name: "publish", title: TEXTS.publish, load: async () => (await import("./panes/Publish")).Publish },
  { name: "versions", title: TEXTS.versions, load: async () => (await import("./panes/Versions")).Versions },
];
