import { useState } from "preact/hooks";
import { useSpeaker } from "../../../texts/language";
import { listed } from "../../../texts/words";
import styles from "./Forms.module.css";
import { Group, TextsField } from "./fields";
import { useNamed, useSkills } from "./names";
import { TEXTS } from "./texts";
import { useFormsHere } from "./useForms";
import { at, items, skillName, text } from "./value";
import { type FormProps, New, Which } from "./Which";

const FILE = "hotline.yaml";

/** A skill: its name in each language, which queues need it, who has it. */
export function SkillNames({ name, onName }: FormProps) {
  const { say } = useSpeaker();
  const { apply } = useFormsHere();
  const skills = useSkills();
  const [making, setMaking] = useState(false);
  const [shown = ""] = skills.find(([each]) => each === name) ?? skills[0] ?? [];
  const make = async (made: string, names: Readonly<Record<string, string>>) => {
    const done = await apply({ do: "set", file: FILE, path: ["skills", made], value: names });
    if (done) onName(made);
    return done;
  };
  return (
    <>
      <p class={styles.note}>{say(TEXTS.skillsAbout)}</p>
      <Which
        label={say(TEXTS.skill)}
        choices={skills.map(([skill, word]) => [skill, word === skill ? skill : `${word} (${skill})`] as const)}
        shown={shown}
        onShow={onName}
        add={say(TEXTS.newSkill)}
        onAdd={() => setMaking(true)}
      />
      {making && (
        <New
          title={say(TEXTS.newSkill)}
          taken={skills.map(([each]) => each)}
          otherwise="skill"
          onMake={make}
          onClose={() => setMaking(false)}
        />
      )}
      {shown !== "" && !making && <Skill key={shown} name={shown} />}
    </>
  );
}

function Skill({ name }: { name: string }) {
  const { say, language } = useSpeaker();
  const { values } = useFormsHere();
  const hotline = values[FILE];
  const queues = useNamed("queues")
    .filter(([queue]) => {
      const said = at(hotline, "queues", queue);
      return [said, ...items(at(said, "relax"))].some((step) => at(step, "needs", name) !== null);
    })
    .map(([, word]) => word);
  const agents = items(at(values["agents.yaml"], "agents")).filter((agent) => at(agent, "skills", name) !== null);
  const called = agents.map((agent) => `${text(at(agent, "id"))} ${text(at(agent, "name"))}`);
  const none = say(TEXTS.nobody);
  return (
    <div data-place={`skills/${name}`}>
      <Group title={say(TEXTS.skill)}>
        <TextsField
          file={FILE}
          path={["skills", name]}
          label={say(TEXTS.name)}
          hint={say(TEXTS.skillNameHint, { name: skillName({ queues: at(hotline, "queues") }, name, language) })}
        />
        <p class={styles.note}>{say(TEXTS.neededBy, { by: listed(queues, language) || none })}</p>
        <p class={styles.note}>{say(TEXTS.hadBy, { by: listed(called, language) || none })}</p>
      </Group>
    </div>
  );
}
