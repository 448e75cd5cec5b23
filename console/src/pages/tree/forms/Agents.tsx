import { useState } from "preact/hooks";
import { useSpeaker } from "../../../texts/language";
import { languageName } from "../../../texts/words";
import styles from "./Forms.module.css";
import { Group, TextField, useLanguages, Wrong } from "./fields";
import { Skills } from "./Skills";
import { TEXTS } from "./texts";
import { useFormsHere } from "./useForms";
import { at, freeId, items, text } from "./value";
import { type FormProps, Which } from "./Which";

const FILE = "agents.yaml";

/** An agent: number, name, skills, languages. */
export function Agents({ name, onName }: FormProps) {
  const { say } = useSpeaker();
  const { values, apply } = useFormsHere();
  const agents = items(at(values[FILE], "agents"));
  const ids = agents.map((agent) => text(at(agent, "id")));
  const [shown, setShown] = useState<number | null>(null);
  const index = shown !== null && shown < agents.length ? shown : Math.max(0, ids.indexOf(name));
  const show = (place: number) => {
    setShown(place);
    onName(ids[place] ?? "");
  };
  const add = async () => {
    const id = freeId(ids);
    const value = { id, name: id, skills: {} };
    setShown(agents.length); // at once: what is typed now is the new agent's
    if (!(await apply({ do: "set", file: FILE, path: ["agents", agents.length], value }))) setShown(shown);
  };
  const agent = agents[index];
  return (
    <>
      <Which
        label={say(TEXTS.agent)}
        choices={agents.map((each, place) => [String(place), `${ids[place]} ${text(at(each, "name"))}`] as const)}
        shown={String(index)}
        onShow={(place) => show(Number(place))}
        add={say(TEXTS.newAgent)}
        onAdd={() => void add()}
      />
      {agent !== undefined && <Agent key={index} index={index} id={ids[index] ?? ""} onGone={() => setShown(0)} />}
    </>
  );
}

function Agent({ index, id, onGone }: { index: number; id: string; onGone: () => void }) {
  const { say } = useSpeaker();
  const { apply } = useFormsHere();
  const path = ["agents", index];
  const remove = async () => {
    if (await apply({ do: "remove", file: FILE, path })) onGone();
  };
  return (
    <div data-agent={id}>
      <Group title={say(TEXTS.agent)}>
        <div class={styles.beside}>
          <TextField file={FILE} path={[...path, "id"]} label={say(TEXTS.agentId)} hint={say(TEXTS.agentIdHint)} />
          <TextField file={FILE} path={[...path, "name"]} label={say(TEXTS.name)} />
        </div>
      </Group>
      <Group title={say(TEXTS.skills)}>
        <p class={styles.note}>{say(TEXTS.skillsHint)}</p>
        <Skills file={FILE} path={[...path, "skills"]} />
      </Group>
      <Languages index={index} />
      <button type="button" onClick={() => void remove()}>
        {say(TEXTS.removeAgent)}
      </button>
    </div>
  );
}

/** An agent without languages in the file speaks all of the hotline's. */
function Languages({ index }: { index: number }) {
  const { say, language } = useSpeaker();
  const { values, apply } = useFormsHere();
  const tags = useLanguages();
  const path = ["agents", index, "languages"];
  const given = items(at(values[FILE], ...path)).map(text);
  const spoken = given.length > 0 ? given : tags;
  const set = (tag: string, yes: boolean) => {
    const value = yes ? [...spoken, tag] : spoken.filter((each) => each !== tag);
    void apply({ do: "set", file: FILE, path, value });
  };
  return (
    <Group title={say(TEXTS.languages)}>
      <div class={styles.beside}>
        {tags.map((tag) => (
          <label key={tag} class={styles.check}>
            <input
              type="checkbox"
              checked={spoken.includes(tag)}
              disabled={spoken.length === 1 && spoken.includes(tag)}
              onChange={({ currentTarget }) => set(tag, currentTarget.checked)}
            />
            {languageName(tag, language)}
          </label>
        ))}
      </div>
      <Wrong place={{ file: FILE, path }} />
    </Group>
  );
}
