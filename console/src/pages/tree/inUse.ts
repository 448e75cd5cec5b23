/** The version in use with its files: looked at again while somebody looks at the page, as others publish, too. */

import { useEffect, useState } from "preact/hooks";
import { ask, headers, reach, refusal } from "../../api/client";
import type { VersionOut } from "../../api/schema";
import type { InUse } from "./draft";
import { fresh } from "./fresh";

export interface Loaded {
  /** Null: not known yet. */
  readonly inUse: InUse | null;
  readonly error: unknown;
  readonly again: () => void;
}

/** Milliseconds until the next look. */
const EVERY = 30_000;

/** `allowed`: whether the person may read the files; without that nothing is asked for. */
export function useInUse(allowed: boolean): Loaded {
  const [inUse, setInUse] = useState<InUse | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [turn, setTurn] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` asks for a look now
  useEffect(() => {
    if (!allowed) return;
    let last: InUse | null = null;
    return fresh(async (signal) => {
      try {
        last = await look(last, signal);
        setInUse(last);
        setError(null);
      } catch (why) {
        if (!signal.aborted) setError(why);
      }
    }, EVERY);
  }, [allowed, turn]);
  return { inUse, error, again: () => setTurn((count) => count + 1) };
}

/** The same as `last` if nobody has published since. */
async function look(last: InUse | null, signal: AbortSignal): Promise<InUse> {
  const response = await reach("/api/v1/versions/current", { headers: headers("get"), signal });
  if (!response.ok) throw await refusal(response);
  const etag = response.headers.get("ETag") ?? "";
  if (last?.etag === etag) return last;
  const { number, author, at, note } = (await response.json()) as VersionOut;
  const path = { number: String(number) };
  const { files } = await ask("get", "/api/v1/versions/{number}/files", { path }, signal);
  return { files, version: number, etag, author: author.replace(/^user:/, ""), at, note };
}
