import { useState } from "preact/hooks";
import fields from "../../frame/Field.module.css";
import { useSpeaker } from "../../texts/language";
import styles from "./Audit.module.css";
import { KINDS } from "./kinds";
import { EVERYTHING, type Search } from "./search";
import { TEXTS } from "./texts";

/** By whom, what, and when. */
export function SearchBar({ onSearch }: { onSearch: (search: Search) => void }) {
  const { say } = useSpeaker();
  const [search, setSearch] = useState(EVERYTHING);
  return (
    <search>
      <form
        class={styles.search}
        onSubmit={(event) => {
          event.preventDefault();
          onSearch(search);
        }}
      >
        <label class={fields.field}>
          {say(TEXTS.who)}
          <input
            value={search.actor}
            placeholder={say(TEXTS.whoHint)}
            maxLength={60}
            pattern="\s*([a-z]+:)?[^\s:]*\s*"
            onInput={({ currentTarget }) => setSearch({ ...search, actor: currentTarget.value })}
          />
        </label>
        <label class={fields.field}>
          {say(TEXTS.what)}
          <select
            value={search.what}
            onChange={({ currentTarget }) => setSearch({ ...search, what: currentTarget.value })}
          >
            <option value="">{say(TEXTS.everything)}</option>
            {Object.entries(KINDS).map(([kind, words]) => (
              <option key={kind} value={kind}>
                {say(words)}
              </option>
            ))}
          </select>
        </label>
        <label class={fields.field}>
          {say(TEXTS.since)}
          <input
            type="datetime-local"
            value={search.since}
            onInput={({ currentTarget }) => setSearch({ ...search, since: currentTarget.value })}
          />
        </label>
        <label class={fields.field}>
          {say(TEXTS.until)}
          <input
            type="datetime-local"
            value={search.until}
            onInput={({ currentTarget }) => setSearch({ ...search, until: currentTarget.value })}
          />
        </label>
        <button type="submit" data-primary>
          {say(TEXTS.search)}
        </button>
      </form>
    </search>
  );
}
