import { useState } from "preact/hooks";
import { ask } from "../api/client";
import type { SessionOut } from "../api/schema";
import { Dialog } from "../frame/Dialog";
import fields from "../frame/Field.module.css";
import { skillCalled, useNames } from "../frame/names";
import type { Agent, Board } from "../live/board";
import { useSpeaker } from "../texts/language";
import { languageName } from "../texts/words";
import styles from "./SkillsDialog.module.css";
import { inFile, limited, spoken, subjects } from "./skills";
import { TEXTS } from "./texts";

const LEVELS = [1, 2, 3, 4, 5] as const;

export interface SkillsProps {
  agent: Agent;
  board: Board;
  who: SessionOut;
  onDone: () => void;
}

/** What an agent knows and speaks until the next reload. Escape or Cancel changes nothing. */
export function SkillsDialog({ agent, board, who, onDone }: SkillsProps) {
  const { say, language } = useSpeaker();
  const [skills, setSkills] = useState<Readonly<Record<string, number>>>(agent.skills);
  const [languages, setLanguages] = useState(agent.languages);
  const names = useNames();
  const few = limited(who);

  const save = () => {
    const known = Object.fromEntries(Object.entries(skills).filter(([, level]) => level > 0));
    const body = few ? { skills: known } : { skills: known, languages };
    return ask("put", "/api/v1/agents/{agent_id}/skills", { path: { agent_id: agent.id }, body });
  };

  const speaks = (tag: string, yes: boolean) =>
    setLanguages(yes ? [...languages, tag] : languages.filter((one) => one !== tag));

  const restore = () => {
    setSkills(inFile(agent).skills);
    setLanguages(inFile(agent).languages);
  };

  return (
    <Dialog
      title={say(TEXTS.title, { id: agent.id, name: agent.name })}
      action={say(TEXTS.save)}
      narrow
      hindrance={languages.length === 0 ? say(TEXTS.needsLanguage) : null}
      onSubmit={save}
      onDone={onDone}
    >
      <p class={fields.hint}>{say(TEXTS.holds)}</p>
      {few && <p class={fields.hint}>{say(TEXTS.limited)}</p>}
      <fieldset class={styles.skills}>
        <legend>{say(TEXTS.skills)}</legend>
        {subjects(board, who).map(({ skill, open }, place) => (
          <label key={skill}>
            <span>{skillCalled(names, skill, language)}</span>
            <select
              value={skills[skill] ?? 0}
              disabled={!open}
              autofocus={place === 0}
              onChange={(event) => setSkills({ ...skills, [skill]: Number(event.currentTarget.value) })}
            >
              <option value={0}>{say(TEXTS.none)}</option>
              {LEVELS.map((level) => (
                <option key={level} value={level}>
                  {level}
                </option>
              ))}
            </select>
          </label>
        ))}
      </fieldset>
      <fieldset class={styles.languages} disabled={few}>
        <legend>{say(TEXTS.languages)}</legend>
        {spoken(board).map((tag) => (
          <label key={tag}>
            <input
              type="checkbox"
              checked={languages.includes(tag)}
              onChange={(event) => speaks(tag, event.currentTarget.checked)}
            />
            {languageName(tag, language)}
          </label>
        ))}
      </fieldset>
      {agent.from_file !== null && (
        <p class={styles.differs}>
          {say(TEXTS.differs)}{" "}
          <button type="button" disabled={few} onClick={restore}>
            {say(TEXTS.asInFile)}
          </button>
        </p>
      )}
    </Dialog>
  );
}
