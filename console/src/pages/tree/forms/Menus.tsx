import { useState } from "preact/hooks";
import { useSpeaker } from "../../../texts/language";
import { Destination } from "./Destination";
import styles from "./Forms.module.css";
import { Group, TextField, TextsField, Wrong } from "./fields";
import { Keys } from "./Keys";
import { useNamed } from "./names";
import { TEXTS } from "./texts";
import { useFormsHere } from "./useForms";
import { type FormProps, New, Which } from "./Which";

const FILE = "hotline.yaml";
const WAIT = "5s";
const ATTEMPTS = [
  ["no_input", TEXTS.noInput],
  ["invalid", TEXTS.invalid],
] as const;

/** A menu: what is said, and what each key does. */
export function Menus({ name, onName }: FormProps) {
  const { say } = useSpeaker();
  const { apply } = useFormsHere();
  const menus = useNamed("menus");
  const [making, setMaking] = useState(false);
  const [shown = ""] = menus.find(([each]) => each === name) ?? menus[0] ?? [];
  const make = async (made: string, texts: Readonly<Record<string, string>>) => {
    const value = { name: texts, say: texts, keys: { "*": { repeat: true } } };
    const done = await apply({ do: "set", file: FILE, path: ["menus", made], value });
    if (done) onName(made);
    return done;
  };
  return (
    <>
      <Which
        label={say(TEXTS.menu)}
        choices={menus}
        shown={shown}
        onShow={onName}
        add={say(TEXTS.newMenu)}
        onAdd={() => setMaking(true)}
      />
      {making && (
        <New
          title={say(TEXTS.newMenu)}
          taken={menus.map(([each]) => each)}
          otherwise="menu"
          onMake={make}
          onClose={() => setMaking(false)}
        />
      )}
      {shown !== "" && !making && (
        <div key={shown} data-place={`menus/${shown}`}>
          <Group title={say(TEXTS.menu)}>
            <TextsField
              file={FILE}
              path={["menus", shown, "name"]}
              label={say(TEXTS.name)}
              hint={say(TEXTS.menuNameHint)}
            />
            <TextsField
              file={FILE}
              path={["menus", shown, "say"]}
              label={say(TEXTS.says)}
              hint={say(TEXTS.saysHint)}
              long
            />
          </Group>
          <Group title={say(TEXTS.keys)}>
            <p class={styles.note}>{say(TEXTS.keysHint)}</p>
            <Keys menu={shown} />
          </Group>
          <Group title={say(TEXTS.noKey)}>
            <div class={styles.beside}>
              <TextField file={FILE} path={["menus", shown, "wait"]} label={say(TEXTS.wait)} placeholder={WAIT} />
              {ATTEMPTS.map(([key, title]) => (
                <div key={key}>
                  <span class={styles.note}>{say(title)}</span>
                  <Destination path={["menus", shown, key, "then"]} label={say(title)} none={say(TEXTS.byDefault)} />
                  <Wrong place={{ file: FILE, path: ["menus", shown, key] }} />
                </div>
              ))}
            </div>
          </Group>
        </div>
      )}
    </>
  );
}
