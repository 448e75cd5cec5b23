import { useState } from "preact/hooks";
import fields from "../../../frame/Field.module.css";
import { useSpeaker } from "../../../texts/language";
import styles from "./Forms.module.css";
import { type Place, Wrong } from "./fields";
import { useSkills } from "./names";
import { TEXTS } from "./texts";
import { useFormsHere } from "./useForms";
import { at, entries, text } from "./value";

const LEVELS = ["1", "2", "3", "4", "5"] as const;

/** Skills and their levels: what a queue needs, what an agent has. */
export function Skills({ file, path }: Place) {
  const { say } = useSpeaker();
  const { values, apply } = useFormsHere();
  const [more, setMore] = useState("");
  const given = entries(at(values[file], ...path));
  const known = [...new Set([...Object.keys(given), ...useSkills()])];
  const set = (skill: string, level: string) => {
    if (level === "") void apply({ do: "remove", file, path: [...path, skill] });
    else void apply({ do: "set", file, path: [...path, skill], value: Number(level) });
  };
  const add = () => {
    const skill = more.trim();
    if (skill !== "") set(skill, "1");
    setMore("");
  };
  return (
    <>
      <div class={styles.skills}>
        {known.map((skill) => (
          <label key={skill}>
            <span>{skill}</span>
            <select
              aria-label={say(TEXTS.level, { skill })}
              value={text(given[skill] ?? null)}
              onChange={({ currentTarget }) => set(skill, currentTarget.value)}
            >
              <option value="">{say(TEXTS.noSkill)}</option>
              {LEVELS.map((level) => (
                <option key={level} value={level}>
                  {level}
                </option>
              ))}
            </select>
          </label>
        ))}
      </div>
      <div class={styles.which}>
        <label class={fields.field}>
          {say(TEXTS.newSkill)}
          <input
            value={more}
            autocomplete="off"
            onInput={({ currentTarget }) => setMore(currentTarget.value)}
            onKeyDown={(event) => event.key === "Enter" && !event.isComposing && add()}
          />
        </label>
        <button type="button" onClick={add}>
          {say(TEXTS.add)}
        </button>
      </div>
      <Wrong place={{ file, path }} />
    </>
  );
}
