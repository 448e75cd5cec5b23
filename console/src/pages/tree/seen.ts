/** What the picture shows: the tree in use with the calls of some days, again and again while the page is looked at; or a draft. */

import { useEffect, useState } from "preact/hooks";
import { ask, Refused } from "../../api/client";
import type { OutlineOut } from "../../api/schema";
import { fresh } from "./fresh";
import type { Draft } from "./model";
import { sent } from "./panes/sent";

export interface Seen {
  /** The last that came; null: nothing yet. */
  readonly outline: OutlineOut | null;
  /** What hindered the last look; null: nothing. */
  readonly error: unknown;
}

/** Milliseconds until it is asked for again. The service counts once a minute. */
const EVERY = 60_000;
/** After the last key in the editor. */
const PAUSE = 800;

/** Of the calls in the picture: 0 is today. */
export type Days = 0 | 7 | 31;

/**
 * `draft`: what to show; null: what is in use, with the calls of so many `days`. `against`: the version with which the
 * draft is compared.
 */
export function useSeen(language: string, draft: Draft | null, against: number, days: Days): Seen {
  const [seen, setSeen] = useState<Seen>({ outline: null, error: null });
  useEffect(() => {
    const look = async (signal: AbortSignal) => {
      try {
        const outline = await inAny(language, (spoken) =>
          draft === null ? inUse(spoken, days, signal) : drafted(draft, against, spoken, language, signal),
        );
        setSeen({ outline, error: null });
      } catch (error) {
        if (!signal.aborted) setSeen((last) => ({ ...last, error }));
      }
    };
    return draft === null ? fresh(look, EVERY) : after(look, PAUSE);
  }, [language, draft, against, days]);
  return seen;
}

function inUse(spoken: { language?: string }, days: Days, signal: AbortSignal): Promise<OutlineOut> {
  return ask("get", "/api/v1/hotline/outline", { query: { ...spoken, days, picture: "true" } }, signal);
}

function drafted(draft: Draft, against: number, spoken: { language?: string }, language: string, signal: AbortSignal) {
  const query = { ...spoken, days: 0, diff: against };
  return ask("post", "/api/v1/drafts/outline", { query, body: { files: sent(draft.files) }, language }, signal);
}

/** In the language of the page, or where the hotline does not speak it, in the hotline's first. */
export async function inAny<T>(language: string, read: (spoken: { language?: string }) => Promise<T>): Promise<T> {
  try {
    return await read({ language });
  } catch (error) {
    if (error instanceof Refused && (error.status === 404 || error.fault === "language")) return read({});
    throw error;
  }
}

function after(work: (signal: AbortSignal) => Promise<void>, pause: number): () => void {
  const cut = new AbortController();
  const timer = setTimeout(() => void work(cut.signal), pause);
  return () => {
    clearTimeout(timer);
    cut.abort();
  };
}
