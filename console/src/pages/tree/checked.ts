/** What `check` says of the draft: asked after a pause in typing. */

import { useEffect, useState } from "preact/hooks";
import { ask, Refused } from "../../api/client";
import type { DraftCheckOut } from "../../api/schema";
import type { Files } from "./model";
import { sent } from "./panes/sent";

export interface Checked {
  /** Of the last check; null: there was none yet. */
  readonly found: DraftCheckOut | null;
  readonly error: unknown;
  /** What is found is of an earlier text. */
  readonly busy: boolean;
}

/** Milliseconds after the last key. */
const PAUSE = 600;

/** `files`: null: nothing is checked. The sentences are in `language`. */
export function useCheck(files: Files | null, language: string): Checked {
  const [checked, setChecked] = useState<Checked>({ found: null, error: null, busy: false });
  useEffect(() => {
    if (files === null) return;
    const cut = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    const check = async () => {
      try {
        const body = { files: sent(files) };
        const found = await ask("post", "/api/v1/drafts/check", { body, language }, cut.signal);
        setChecked({ found, error: null, busy: false });
      } catch (error) {
        if (cut.signal.aborted) return;
        const later = error instanceof Refused && error.status === 429 ? error.retryAfter : null;
        if (later !== null) timer = setTimeout(() => void check(), later * 1_000);
        else setChecked((last) => ({ ...last, error, busy: false }));
      }
    };
    setChecked((last) => ({ ...last, busy: true }));
    timer = setTimeout(() => void check(), PAUSE);
    return () => {
      clearTimeout(timer);
      cut.abort();
    };
  }, [files, language]);
  return checked;
}
