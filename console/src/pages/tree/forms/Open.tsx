import { useSpeaker } from "../../../texts/language";
import { Destination } from "./Destination";
import styles from "./Forms.module.css";
import { ChoiceField, Group, TextsField, Wrong } from "./fields";
import { useNamed } from "./names";
import { CLOSED, TEXTS } from "./texts";
import { useFormsHere } from "./useForms";
import { at, type Path } from "./value";

const FILE = "hotline.yaml";

/** When it is open, and what callers hear while it is not: the file has both or neither. */
export function Open({ of }: { of: Path }) {
  const { say } = useSpeaker();
  const { values, apply } = useFormsHere();
  const hours = useNamed("opening_hours");
  const [open, closed] = [
    [...of, "hours"],
    [...of, "closed"],
  ] as const;
  const has = at(values[FILE], ...closed) !== null;
  const choose = (chosen: string) => {
    const edits =
      chosen === "" ? [open, closed].map((path) => ({ do: "remove" as const, file: FILE, path }) as const) : [];
    if (chosen === "") void apply(...edits);
    else {
      const first = { do: "set" as const, file: FILE, path: open, value: chosen } as const;
      const texts = { zh: CLOSED.zh, en: CLOSED.en };
      const second = {
        do: "set" as const,
        file: FILE,
        path: closed,
        // biome-ignore lint/suspicious/noThenProperty: the key of the file
        value: { say: texts, then: { hangup: true } },
      } as const;
      void apply(first, ...(has ? [] : [second]));
    }
  };
  return (
    <Group title={say(TEXTS.hours)}>
      <ChoiceField
        file={FILE}
        path={open}
        label={say(TEXTS.openWhen)}
        choices={hours}
        none={say(TEXTS.always)}
        onChoose={choose}
      />
      {at(values[FILE], ...closed, "say") !== null && (
        <TextsField
          file={FILE}
          path={[...closed, "say"]}
          label={say(TEXTS.closedSays)}
          hint={say(TEXTS.closedHint)}
          long
        />
      )}
      {has && (
        <div>
          <span class={styles.note}>{say(TEXTS.closedThen)}</span>
          <Destination
            path={at(values[FILE], ...closed, "say") === null ? closed : [...closed, "then"]}
            label={say(TEXTS.closedThen)}
            none={say(TEXTS.nothing)}
          />
          <Wrong place={{ file: FILE, path: closed }} />
        </div>
      )}
    </Group>
  );
}
