import { useSpeaker } from "../../../../texts/language";
import styles from "../Forms.module.css";
import { CheckField, ChoiceField, Group, Wrong } from "../fields";
import { TEXTS as SHARED } from "../texts";
import { useFormsHere } from "../useForms";
import { at, entries, type Path } from "../value";
import { TEXTS } from "./texts";

const FILE = "hotline.yaml";

/** Which of the hotline's lists of wrap-up codes a queue has, and whether a call needs one. */
export function QueueCodes({ path }: { path: Path }) {
  const { say } = useSpeaker();
  const { values, apply } = useFormsHere();
  const lists = Object.keys(entries(at(values[FILE], "wrap_up_codes")));
  const [list, required] = [
    [...path, "list"],
    [...path, "required"],
  ];
  const choose = (chosen: string) =>
    void apply(
      chosen === "" ? { do: "remove", file: FILE, path } : { do: "set", file: FILE, path: list, value: chosen },
    );
  return (
    <Group title={say(SHARED.codes)}>
      <div class={styles.beside}>
        <ChoiceField
          file={FILE}
          path={list}
          label={say(TEXTS.codeList)}
          choices={lists.map((each) => [each, each] as const)}
          none={say(TEXTS.noCodes)}
          onChoose={choose}
        />
        {at(values[FILE], ...list) !== null && (
          <CheckField file={FILE} path={required} label={say(TEXTS.codeRequired)} />
        )}
      </div>
      <Wrong place={{ file: FILE, path }} itself />
    </Group>
  );
}
