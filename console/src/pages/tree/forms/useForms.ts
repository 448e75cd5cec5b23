/** The draft as forms see it: what its files say, what is wrong where, and edits, which the service applies to the text. */

import { createContext } from "preact";
import { useCallback, useContext, useEffect, useRef, useState } from "preact/hooks";
import { ask, Refused } from "../../../api/client";
import type { EditIn, EditsOut, PlacedProblemOut } from "../../../api/schema";
import { failure } from "../../../frame/failure";
import { useSpeaker } from "../../../texts/language";
import { changed } from "../draft";
import type { FileName, Files } from "../model";
import { sent } from "../panes/sent";
import type { Drafting } from "../useDraft";
import { type Edit, edited, type Value } from "./value";

/** What an edit did to the text of a file. */
export interface Done {
  readonly file: FileName;
  readonly before: string;
  readonly after: string;
}

export interface Forms {
  /** What a file says; null: it cannot be read, or nothing is known yet. */
  readonly values: Readonly<Partial<Record<string, Value>>>;
  readonly found: EditsOut | null;
  readonly problems: readonly PlacedProblemOut[];
  readonly busy: boolean;
  /** Why the last edit, or the last look, came to nothing; in words. */
  readonly refused: string | null;
  /** Does all or none. Resolves to whether they were done. */
  readonly apply: (...edits: readonly Edit[]) => Promise<boolean>;
  /** The last edit; null: there was none, or it was undone. */
  readonly last: readonly Done[] | null;
  /** Takes the last edit back; null: there is none, or somebody has typed in the file since. */
  readonly undo: (() => void) | null;
}

export const FormsContext = createContext<Forms | null>(null);

export function useFormsHere(): Forms {
  const forms = useContext(FormsContext);
  if (forms === null) throw new Error("a field stands outside of the forms");
  return forms;
}

/** Milliseconds after the last key in the editor. */
const PAUSE = 400;
const MOST_UNDONE = 50;

export function useForms({ draft, current, write }: Drafting): Forms {
  const speaker = useSpeaker();
  const [known, setKnown] = useState<{ files: Files; language: string; found: EditsOut } | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const [wished, setWished] = useState<readonly (readonly Edit[])[]>([]);
  const [done, setDone] = useState<readonly (readonly Done[])[]>([]);
  const turn = useRef<Promise<unknown>>(Promise.resolve());
  const { language } = speaker;
  const fresh = known !== null && known.language === language && changed(known.files, draft.files).length === 0;

  useEffect(() => {
    if (fresh) return;
    const cut = new AbortController();
    const look = async () => {
      try {
        const found = await answered(draft.files, [], language, cut.signal);
        setKnown({ files: draft.files, language, found });
        setRefused(null);
      } catch (error) {
        if (!cut.signal.aborted) setRefused(failure(error, speaker));
      }
    };
    const timer = setTimeout(() => void look(), PAUSE);
    return () => {
      clearTimeout(timer);
      cut.abort();
    };
  }, [fresh, draft.files, language, speaker]);

  const run = useCallback(
    async (edits: readonly Edit[]): Promise<boolean> => {
      try {
        for (;;) {
          const { files } = current();
          const found = await answered(files, edits, language, null);
          if (changed(files, current().files).length > 0) continue; // somebody typed in the editor meanwhile
          const made = (Object.entries(found.files) as [FileName, string][])
            .map(([file, after]) => ({ file, before: files[file] ?? "", after }))
            .filter(({ before, after }) => before !== after);
          for (const { file, after } of made) write(file, after);
          setKnown({ files: { ...files, ...found.files }, language, found });
          if (made.length > 0) setDone((list) => [...list, made].slice(-MOST_UNDONE));
          setRefused(null);
          return true;
        }
      } catch (error) {
        setRefused(failure(error, speaker));
        return false;
      } finally {
        setWished((list) => list.filter((each) => each !== edits));
      }
    },
    [current, write, language, speaker],
  );
  const apply = useCallback(
    (...edits: readonly Edit[]) => {
      setWished((list) => [...list, edits]);
      const doing = turn.current.then(() => run(edits));
      turn.current = doing;
      return doing;
    },
    [run],
  );
  const last = done.at(-1) ?? null;
  const undoable = last?.every(({ file, after }) => (draft.files[file] ?? "") === after) ?? false;
  const undo = () => {
    for (const { file, before } of last ?? []) write(file, before);
    setDone((list) => list.slice(0, -1));
  };
  const values: Record<string, Value> = { ...(known?.found.values as Record<string, Value> | undefined) };
  for (const edit of wished.flat()) values[edit.file] = edited(values[edit.file] ?? null, edit);
  return {
    values,
    found: known?.found ?? null,
    problems: known?.found.problems ?? [],
    busy: wished.length > 0 || !fresh,
    refused,
    apply,
    last: undoable ? last : null,
    undo: undoable ? undo : null,
  };
}

/** What the service answers; it is asked again where it has too much to do at this moment. */
async function answered(
  files: Files,
  edits: readonly Edit[],
  language: string,
  signal: AbortSignal | null,
): Promise<EditsOut> {
  for (;;) {
    try {
      const body = { files: sent(files), edits: edits as unknown as EditIn[] };
      return await ask("post", "/api/v1/drafts/edit", { body, language }, signal);
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 429 || error.retryAfter === null) throw error;
      const wait = error.retryAfter * 1_000;
      await new Promise((go) => setTimeout(go, wait));
      signal?.throwIfAborted();
    }
  }
}
