import { useSpeaker } from "../../../../texts/language";
import styles from "../Forms.module.css";
import { Group, TextField, Wrong } from "../fields";
import { Skills } from "../Skills";
import { TEXTS as SHARED } from "../texts";
import { useFormsHere } from "../useForms";
import { at, entries, items, type Path, text } from "../value";
import { TEXTS } from "./texts";
import { later } from "./ways";

const FILE = "hotline.yaml";

/** Steps of a queue: after a wait, agents who know less fit too. `needs`: what it needs at once. */
export function Relaxing({ path, needs }: { path: Path; needs: Path }) {
  const { say } = useSpeaker();
  const { values, apply } = useFormsHere();
  const steps = items(at(values[FILE], ...path));
  const remove = (index: number) =>
    void apply({ do: "remove", file: FILE, path: steps.length === 1 ? path : [...path, index] });
  const add = () => {
    const least = Object.keys(entries(at(values[FILE], ...needs))).map((skill) => [skill, 1] as const);
    const value = { after: later(text(at(steps.at(-1), "after"))), needs: Object.fromEntries(least) };
    void apply({ do: "set", file: FILE, path: [...path, steps.length], value });
  };
  return (
    <Group title={say(TEXTS.relaxing)}>
      <p class={styles.note}>{say(TEXTS.relaxingHint)}</p>
      {steps.map((_, index) => (
        <fieldset key={index} class={styles.way} data-step={index}>
          <legend>{say(TEXTS.step, { step: index + 1 })}</legend>
          <div class={styles.beside}>
            <TextField file={FILE} path={[...path, index, "after"]} label={say(TEXTS.relaxAfter)} />
            <button type="button" onClick={() => remove(index)}>
              {say(SHARED.less)}
            </button>
          </div>
          <Skills file={FILE} path={[...path, index, "needs"]} fixed />
          <Wrong place={{ file: FILE, path: [...path, index] }} itself />
        </fieldset>
      ))}
      <Wrong place={{ file: FILE, path }} itself />
      <div class={styles.beside}>
        <button type="button" onClick={add}>
          {say(TEXTS.newStep)}
        </button>
      </div>
    </Group>
  );
}
