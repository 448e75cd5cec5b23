/** Looks at the service's health again and again, also while it is being restarted. */

import { useEffect, useState } from "preact/hooks";
import { ask, reach, refusal } from "../../api/client";
import type { IntakeOut } from "../../api/schema";
import type { Readiness } from "./looks/checks";
import type { Reading } from "./looks/measures";
import { parse } from "./looks/samples";

export interface Look {
  /** On this computer's clock, milliseconds. */
  readonly at: number;
  readonly readiness: Readiness;
  readonly reading: Reading;
  readonly before: Reading | null;
  readonly intake: IntakeOut;
}

export interface Watched {
  /** The last that was seen; null: nothing yet. */
  readonly seen: Look | null;
  /** What hindered the last look; null: nothing. */
  readonly error: unknown;
  /** Look at once. */
  readonly now: () => void;
}

/** Milliseconds between two looks. */
const EVERY = 5_000;
const SOON = 1_000;

/** `soon`: something is about to change. `language`: of what the service says. */
export function useHealth(soon: boolean, language: string): Watched {
  const [seen, setSeen] = useState<Look | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [turn, setTurn] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` asks for a look now
  useEffect(() => {
    const cut = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const again = async () => {
      try {
        const found = await look(language, cut.signal);
        setSeen((last) => ({ ...found, before: last?.reading ?? null }));
        setError(null);
      } catch (why) {
        if (cut.signal.aborted) return;
        setError(why);
      }
      timer = setTimeout(() => void again(), soon ? SOON : EVERY);
    };
    void again();
    return () => {
      clearTimeout(timer);
      cut.abort();
    };
  }, [soon, turn, language]);
  return { seen, error, now: () => setTurn((count) => count + 1) };
}

async function look(language: string, signal: AbortSignal): Promise<Omit<Look, "before">> {
  const [readiness, samples, intake] = await Promise.all([
    ready(language, signal),
    reach("/metrics", { signal }).then((page) => page.text()),
    ask("get", "/api/v1/intake", {}, signal),
  ]);
  return { at: Date.now(), readiness, reading: { at: Date.now() / 1_000, samples: parse(samples) }, intake };
}

async function ready(language: string, signal: AbortSignal): Promise<Readiness> {
  const response = await reach("/readyz", { headers: { "Accept-Language": language }, signal });
  if (response.status !== 200 && response.status !== 503) throw await refusal(response);
  const { checks = {}, notes = {} } = (await response.json()) as Partial<Readiness>;
  return { ready: response.ok, checks, notes };
}
