import { useState } from "preact/hooks";
import fields from "../../frame/Field.module.css";
import { useSpeaker } from "../../texts/language";
import { named } from "../../texts/texts";
import styles from "./Calls.module.css";
import type { Known } from "./known";
import { OUTCOMES } from "./outcomes";
import type { Search } from "./search";
import { TEXTS } from "./texts";

export interface SearchBarProps {
  /** What the address says. */
  search: Search;
  known: Known;
  onSearch: (search: Search) => void;
}

/** By whom, where, when, by which keys, how it ended, and what was noted. */
export function SearchBar({ search: asked, known, onSearch }: SearchBarProps) {
  const { say, language } = useSpeaker();
  const [search, setSearch] = useState(asked);
  const put = (field: keyof Search) => (event: { currentTarget: HTMLInputElement | HTMLSelectElement }) =>
    setSearch({ ...search, [field]: event.currentTarget.value });
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
          {say(TEXTS.number)}
          <input
            type="search"
            value={search.caller}
            minLength={2}
            maxLength={60}
            autocomplete="off"
            onInput={put("caller")}
          />
        </label>
        <label class={fields.field}>
          {say(TEXTS.words)}
          <input
            type="search"
            value={search.words}
            minLength={2}
            maxLength={60}
            autocomplete="off"
            onInput={put("words")}
          />
        </label>
        <label class={fields.field}>
          {say(TEXTS.queue)}
          <select value={search.queue} onChange={put("queue")}>
            <option value="">{say(TEXTS.every)}</option>
            {Object.entries(known.names?.queues ?? {}).map(([id, names]) => (
              <option key={id} value={id}>
                {named(names, language) || id}
              </option>
            ))}
          </select>
        </label>
        <label class={fields.field}>
          {say(TEXTS.agent)}
          <input
            class={styles.short}
            value={search.agent}
            pattern="\s*[0-9]{2,10}\s*"
            list="agents-known"
            autocomplete="off"
            onInput={put("agent")}
          />
        </label>
        <datalist id="agents-known">
          {[...known.agents].map(([id, name]) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </datalist>
        <label class={fields.field}>
          {say(TEXTS.outcome)}
          <select value={search.outcome} onChange={put("outcome")}>
            <option value="">{say(TEXTS.every)}</option>
            {Object.entries(OUTCOMES).map(([outcome, words]) => (
              <option key={outcome} value={outcome}>
                {say(words)}
              </option>
            ))}
          </select>
        </label>
        <label class={fields.field}>
          {say(TEXTS.direction)}
          <select value={search.direction} onChange={put("direction")}>
            <option value="">{say(TEXTS.every)}</option>
            <option value="in">{say(TEXTS.in)}</option>
            <option value="out">{say(TEXTS.out)}</option>
          </select>
        </label>
        <label class={fields.field}>
          {say(TEXTS.path)}
          <input
            class={styles.short}
            value={search.path}
            pattern="[0-9*#\s,，、]*"
            maxLength={80}
            placeholder={say(TEXTS.pathExample)}
            autocomplete="off"
            onInput={put("path")}
          />
        </label>
        <div class={styles.search}>
          <label class={fields.field}>
            {say(TEXTS.since)}
            <input type="datetime-local" value={search.since} onInput={put("since")} />
          </label>
          <label class={fields.field}>
            {say(TEXTS.until)}
            <input type="datetime-local" value={search.until} onInput={put("until")} />
          </label>
          <button type="submit" data-primary>
            {say(TEXTS.search)}
          </button>
        </div>
      </form>
    </search>
  );
}
