import { useEffect, useRef, useState } from "preact/hooks";
import { ask } from "../../api/client";
import type { ListedOut } from "../../api/schema";
import { failure } from "../../frame/failure";
import { go } from "../../frame/place";
import sheet from "../../frame/Sheet.module.css";
import { TEXTS as FRAME } from "../../frame/texts";
import { useSpeaker } from "../../texts/language";
import styles from "./Calls.module.css";
import { CallsTable } from "./CallsTable";
import { csv } from "./csv";
import { useKnown } from "./known";
import { SearchBar } from "./SearchBar";
import { addressOf, EVERY_CALL, FIRST_PAGE, NEXT_PAGE, query, type Search } from "./search";
import { rows } from "./table";
import { TEXTS } from "./texts";

/** The calls that fit a search, newest first, older ones on demand. */
export function Found({ search }: { search: Search }) {
  const speaker = useSpeaker();
  const { say, language } = speaker;
  const known = useKnown();
  const [calls, setCalls] = useState<readonly ListedOut[] | null>(null);
  const [more, setMore] = useState(false);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const cut = useRef(new AbortController());

  const read = async (shown: readonly ListedOut[]) => {
    const { signal } = cut.current;
    const last = shown.at(-1)?.id ?? null;
    setBusy(true);
    try {
      const found = await ask("get", "/api/v1/calls", { query: query(search, last) }, signal);
      setCalls([...shown, ...found]);
      setMore(found.length === (last === null ? FIRST_PAGE : NEXT_PAGE));
      setRefused(null);
    } catch (error) {
      if (signal.aborted) return;
      setRefused(failure(error, speaker));
    }
    setBusy(false);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once; another search is another component
  useEffect(() => {
    void read([]);
    return () => cut.current.abort();
  }, []);

  return (
    <main class={sheet.sheet}>
      <div class={sheet.bar}>
        <h1>{say(TEXTS.title)}</h1>
      </div>
      <SearchBar search={search} known={known} onSearch={(wanted) => go(addressOf(wanted))} />
      <p class={sheet.refused} role="alert">
        {refused}
      </p>
      {calls === null ? (
        refused === null && <p class={sheet.quiet}>{say(FRAME.loading)}</p>
      ) : calls.length === 0 ? (
        <p class={sheet.nothing} role="status">
          {say(addressOf(search) === addressOf(EVERY_CALL) ? TEXTS.none : TEXTS.nothing)}
        </p>
      ) : (
        <section aria-label={say(TEXTS.title)}>
          <CallsTable calls={calls} known={known} />
          <div class={sheet.bar}>
            <span class={sheet.quiet} role="status">
              {say(TEXTS.count, { count: calls.length })} {!more && say(TEXTS.end)}
            </span>
            <span class={styles.buttons}>
              {more && (
                <button type="button" disabled={busy} onClick={() => void read(calls)}>
                  {say(TEXTS.older)}
                </button>
              )}
              <button type="button" onClick={() => keep(csv(rows(calls, known, speaker)), `calls-${language}.csv`)}>
                {say(TEXTS.csv)}
              </button>
            </span>
          </div>
        </section>
      )}
    </main>
  );
}

/** Has the browser keep a file. */
function keep(words: string, name: string): void {
  const address = URL.createObjectURL(new Blob([words], { type: "text/csv" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
