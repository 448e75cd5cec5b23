/** The panes beside the editor, in the order of their tabs. */

import type { ComponentType } from "preact";
import type { Text } from "../../../texts/texts";
import type { PaneProps } from "../model";
import { Compare } from "./Compare";
import { Publish } from "./Publish";
import { Trying } from "./Trying";
import { TEXTS } from "./texts";
import { Versions } from "./Versions";
import { Walk } from "./Walk";

export interface Pane {
  readonly name: string;
  readonly title: Text;
  readonly Body: ComponentType<PaneProps>;
}

export const PANES: readonly Pane[] = [
  { name: "walk", title: TEXTS.walk, Body: Walk },
  { name: "try", title: TEXTS.try, Body: Trying },
  { name: "compare", title: TEXTS.compare, Body: Compare },
  { name: "publish", title: TEXTS.publish, Body: Publish },
  { name: "versions", title: TEXTS.versions, Body: Versions },
];
