/** The steps of a story, as the page reads them. Pure. */

import type { StoryOut } from "../../../api/schema";

export interface Step {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly kind: string;
  /** What this kind of step has beside them: docs/http.md. */
  readonly data: Readonly<Record<string, unknown>>;
}

export function stepsOf({ story }: Pick<StoryOut, "story">): readonly Step[] {
  return story.map((step) => ({
    at: Date.parse(step.at),
    kind: step.kind,
    data: step as unknown as Readonly<Record<string, unknown>>,
  }));
}
