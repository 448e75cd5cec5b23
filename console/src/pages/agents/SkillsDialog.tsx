import { useState } from "preact/hooks";
import { ask } from "../../api/client";
import { Dialog } from "../../frame/Dialog";
import fields from "../../frame/Field.module.css";
import sheet from "../../frame/Sheet.module.css";
import { useStore } from "../../frame/store";
import type { Agent, Board } from "../../live/board";
import { session } from "../../session/session";
import { useSpeaker } from "../../texts/language";
import { languageName } from "../../texts/words";
import styles from "./Agents.module.css";
import { type Abilities, languagesOf, ownSkills, skillsOf, withLevel } from "./abilities";
import { TEXTS } from "./texts";

const LEVELS = [0, 1, 2, 3, 4, 5];

export interface SkillsProps {
  agent: Agent;
  board: Board;
  onDone: () => void;
}

/** What an agent knows until the next reload. */
export function SkillsDialog({ agent, board, onDone }: SkillsProps) {
  const { say } = useSpeaker();
  const { skills, languages } = agent;
  const [wanted, setWanted] = useState<Abilities>({ skills, languages });
  const limited = useLimited();
  const own = limited ? ownSkills(board) : null;
  const file = agent.from_file;
  const save = () =>
    ask("put", "/api/v1/agents/{agent_id}/skills", {
      path: { agent_id: agent.id },
      body: { skills: { ...wanted.skills }, ...(limited ? {} : { languages: [...wanted.languages] }) },
    });
  return (
    <Dialog
      title={say(TEXTS.editTitle, { id: agent.id, name: agent.name })}
      action={say(TEXTS.save)}
      onSubmit={save}
      onDone={onDone}
    >
      <div class={styles.levels}>
        {skillsOf(board).map((skill) => (
          <label key={skill} data-known={wanted.skills[skill] !== undefined}>
            {skill}
            <select
              aria-label={say(TEXTS.level, { skill })}
              value={wanted.skills[skill] ?? 0}
              disabled={own !== null && !own.has(skill)}
              onChange={({ currentTarget }) => setWanted(withLevel(wanted, skill, Number(currentTarget.value)))}
            >
              {LEVELS.map((level) => (
                <option key={level} value={level}>
                  {level === 0 ? say(TEXTS.knows) : level}
                </option>
              ))}
            </select>
          </label>
        ))}
      </div>
      {limited ? (
        <p class={fields.hint}>{say(TEXTS.notYours)}</p>
      ) : (
        <Languages board={board} wanted={wanted} onWanted={setWanted} />
      )}
      {file !== null && (
        <div class={sheet.bar}>
          <button type="button" onClick={() => setWanted({ skills: file.skills, languages: file.languages })}>
            {say(TEXTS.asFile)}
          </button>
        </div>
      )}
      <p class={fields.hint}>{say(TEXTS.intro)}</p>
    </Dialog>
  );
}

interface LanguagesProps {
  board: Board;
  wanted: Abilities;
  onWanted: (wanted: Abilities) => void;
}

function Languages({ board, wanted, onWanted }: LanguagesProps) {
  const { say, language } = useSpeaker();
  return (
    <fieldset class={styles.languages}>
      <legend>{say(TEXTS.speaks)}</legend>
      {languagesOf(board).map((tag) => (
        <label key={tag} class={styles.box}>
          <input
            type="checkbox"
            checked={wanted.languages.includes(tag)}
            onChange={({ currentTarget }) => {
              const others = wanted.languages.filter((one) => one !== tag);
              onWanted({ ...wanted, languages: currentTarget.checked ? [...others, tag] : others });
            }}
          />
          {languageName(tag, language)}
        </label>
      ))}
    </fieldset>
  );
}

/** Whether the account is limited to a part of the hotline. */
function useLimited(): boolean {
  const now = useStore(session);
  return now.kind === "signed-in" && now.who.queues.length + now.who.departments.length > 0;
}
