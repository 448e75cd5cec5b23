import type { PromptOut } from "../../api/schema";
import fields from "../../frame/Field.module.css";
import { useSpeaker } from "../../texts/language";
import type { Text } from "../../texts/texts";
import type { Filter } from "./filter";
import styles from "./Prompts.module.css";
import { TEXTS } from "./texts";

export const SPEAKERS: Readonly<Record<PromptOut["speaker"], Text>> = {
  recording: TEXTS.recording,
  voice: TEXTS.voice,
  draft: TEXTS.draft,
};

export interface FiltersProps {
  filter: Filter;
  languages: readonly string[];
  onFilter: (filter: Filter) => void;
}

export function Filters({ filter, languages, onFilter }: FiltersProps) {
  const { say } = useSpeaker();
  return (
    <search class={styles.filters}>
      <label class={fields.field}>
        {say(TEXTS.find)}
        <input
          type="search"
          value={filter.words}
          onInput={({ currentTarget }) => onFilter({ ...filter, words: currentTarget.value })}
        />
      </label>
      <label class={fields.field}>
        {say(TEXTS.language)}
        <select
          value={filter.language}
          onChange={({ currentTarget }) => onFilter({ ...filter, language: currentTarget.value })}
        >
          <option value="">{say(TEXTS.everyLanguage)}</option>
          {languages.map((language) => (
            <option key={language} value={language}>
              {language}
            </option>
          ))}
        </select>
      </label>
      <label class={fields.field}>
        {say(TEXTS.speaker)}
        <select
          value={filter.speaker}
          onChange={({ currentTarget }) => onFilter({ ...filter, speaker: currentTarget.value })}
        >
          <option value="">{say(TEXTS.everySpeaker)}</option>
          {Object.entries(SPEAKERS).map(([speaker, words]) => (
            <option key={speaker} value={speaker}>
              {say(words)}
            </option>
          ))}
        </select>
      </label>
      <label class={styles.box}>
        <input
          type="checkbox"
          checked={filter.own}
          onChange={({ currentTarget }) => onFilter({ ...filter, own: currentTarget.checked })}
        />
        {say(TEXTS.own)}
      </label>
    </search>
  );
}
