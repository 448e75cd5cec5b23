import { useState } from "preact/hooks";
import { useSpeaker } from "../../../texts/language";
import styles from "./Forms.module.css";
import { type Place, Wrong } from "./fields";
import { useSkills } from "./names";
import { TEXTS } from "./texts";
import { useFormsHere } from "./useForms";
import { at, entries, skillName, text } from "./value";
import { New } from "./Which";

const LEVELS = ["1", "2", "3", "4", "5"] as const;

/** Skills and their levels: what a queue needs, what an agent has. `fixed`: a new one is made elsewhere. */
export function Skills({ file, path, fixed = false }: Place & { readonly fixed?: boolean }) {
  const { say, language } = useSpeaker();
  const { values, apply } = useFormsHere();
  const [making, setMaking] = useState(false);
  const given = entries(at(values[file], ...path));
  const known = new Map(useSkills());
  for (const skill of Object.keys(given))
    if (!known.has(skill)) known.set(skill, skillName(values["hotline.yaml"], skill, language));
  const set = (skill: string, level: string) => {
    if (level === "") void apply({ do: "remove", file, path: [...path, skill] });
    else void apply({ do: "set", file, path: [...path, skill], value: Number(level) });
  };
  const make = (skill: string, names: Readonly<Record<string, string>>) =>
    apply(
      { do: "set", file: "hotline.yaml", path: ["skills", skill], value: names },
      { do: "set", file, path: [...path, skill], value: 1 },
    );
  return (
    <>
      <div class={styles.skills}>
        {[...known].map(([skill, word]) => (
          <label key={skill} title={skill}>
            <span>{word}</span>
            <select
              aria-label={say(TEXTS.level, { skill: word })}
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
      {!fixed &&
        (making ? (
          <New
            title={say(TEXTS.newSkill)}
            taken={[...known.keys()]}
            otherwise="skill"
            onMake={make}
            onClose={() => setMaking(false)}
          />
        ) : (
          <div class={styles.beside}>
            <button type="button" onClick={() => setMaking(true)}>
              {say(TEXTS.newSkill)}
            </button>
          </div>
        ))}
      <Wrong place={{ file, path }} />
    </>
  );
}
