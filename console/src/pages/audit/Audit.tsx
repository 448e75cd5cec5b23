import { useEffect, useRef, useState } from "preact/hooks";
import { ask } from "../../api/client";
import type { EntryOut } from "../../api/schema";
import { failure } from "../../frame/failure";
import sheet from "../../frame/Sheet.module.css";
import { TEXTS as FRAME } from "../../frame/texts";
import { useSpeaker } from "../../texts/language";
import { Entries } from "./Entries";
import { SearchBar } from "./SearchBar";
import { EVERYTHING, joined, PAGE, query, type Search } from "./search";
import { TEXTS } from "./texts";

/** Who did what: searched, newest first, older ones on demand. */
export default function Audit() {
  const speaker = useSpeaker();
  const { say } = speaker;
  const [search, setSearch] = useState(EVERYTHING);
  const [shown, setShown] = useState<readonly EntryOut[] | null>(null);
  const [more, setMore] = useState(false);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const cut = useRef(new AbortController());

  const read = async (wanted: Search, before: readonly EntryOut[]) => {
    cut.current.abort();
    cut.current = new AbortController();
    const { signal } = cut.current;
    setBusy(true);
    try {
      const asked = query(wanted, before.at(-1) ?? null);
      const found = await ask("get", "/api/v1/audit", { query: asked }, signal);
      const all = joined(before, found);
      setShown(all);
      setMore(found.length === PAGE && all.length > before.length);
      setRefused(null);
    } catch (error) {
      if (signal.aborted) return;
      setRefused(failure(error, speaker));
    }
    setBusy(false);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, at first
  useEffect(() => {
    void read(EVERYTHING, []);
    return () => cut.current.abort();
  }, []);

  return (
    <main class={sheet.sheet}>
      <div>
        <div class={sheet.bar}>
          <h1>{say(TEXTS.title)}</h1>
        </div>
        <p class={sheet.quiet}>{say(TEXTS.intro)}</p>
      </div>
      <SearchBar
        onSearch={(wanted) => {
          setSearch(wanted);
          void read(wanted, []);
        }}
      />
      <p class={sheet.refused} role="alert">
        {refused}
      </p>
      {shown === null ? (
        <p class={sheet.quiet}>{say(FRAME.loading)}</p>
      ) : (
        <section aria-label={say(TEXTS.title)}>
          <Entries entries={shown} />
          <div class={sheet.bar}>
            <span class={sheet.quiet} role="status">
              {say(TEXTS.count, { count: shown.length })} {!more && shown.length > 0 && say(TEXTS.end)}
            </span>
            {more && (
              <button type="button" disabled={busy} onClick={() => void read(search, shown)}>
                {say(TEXTS.older)}
              </button>
            )}
          </div>
        </section>
      )}
    </main>
  );
}
