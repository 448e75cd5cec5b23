import { useState } from "preact/hooks";
import fields from "../../../frame/Field.module.css";
import { useSpeaker } from "../../../texts/language";
import { Destination } from "./Destination";
import styles from "./Forms.module.css";
import { Group, TextField, TextsField, Wrong } from "./fields";
import { useNamed } from "./names";
import { Open } from "./Open";
import { TEXTS } from "./texts";
import { useFormsHere } from "./useForms";
import { type FormProps, New, Which } from "./Which";

const FILE = "hotline.yaml";
const SECTION = "sub_hotlines";
const RING = "30s";

/** A department's own line: its name, the number that is dialled, and what follows if nobody answers. */
export function Departments({ name, onName }: FormProps) {
  const { say } = useSpeaker();
  const { apply } = useFormsHere();
  const lines = useNamed(SECTION);
  const [making, setMaking] = useState(false);
  const [shown = ""] = lines.find(([each]) => each === name) ?? lines[0] ?? [];
  const make = async (made: string, texts: Readonly<Record<string, string>>, dial: string) => {
    const done = await apply({ do: "set", file: FILE, path: [SECTION, made], value: { name: texts, dial } });
    if (done) onName(made);
    return done;
  };
  return (
    <>
      <p class={styles.note}>{say(TEXTS.departmentsAbout)}</p>
      <Which
        label={say(TEXTS.department)}
        choices={lines}
        shown={shown}
        onShow={onName}
        add={say(TEXTS.newDepartment)}
        onAdd={() => setMaking(true)}
      />
      {making && (
        <New
          title={say(TEXTS.newDepartment)}
          taken={lines.map(([each]) => each)}
          otherwise="department"
          also={{ label: say(TEXTS.dial), hint: say(TEXTS.dialHint), rule: "[0-9*#+]{1,20}" }}
          onMake={make}
          onClose={() => setMaking(false)}
        />
      )}
      {shown !== "" && !making && <Department key={shown} name={shown} />}
    </>
  );
}

function Department({ name }: { name: string }) {
  const { say } = useSpeaker();
  const path = [SECTION, name];
  return (
    <div data-place={`${SECTION}/${name}`}>
      <Group title={say(TEXTS.department)}>
        <TextsField file={FILE} path={[...path, "name"]} label={say(TEXTS.name)} hint={say(TEXTS.departmentHint)} />
        <div class={styles.beside}>
          <TextField file={FILE} path={[...path, "dial"]} label={say(TEXTS.dial)} hint={say(TEXTS.dialHint)} />
          <TextField file={FILE} path={[...path, "ring"]} label={say(TEXTS.ring)} placeholder={RING} />
          <TextField
            file={FILE}
            path={[...path, "extension"]}
            label={say(TEXTS.extension)}
            hint={say(TEXTS.extensionHint)}
          />
        </div>
        <div class={fields.field}>
          <span>{say(TEXTS.failed)}</span>
          <Destination path={[...path, "failed"]} label={say(TEXTS.failed)} none={say(TEXTS.failedNone)} />
          <Wrong place={{ file: FILE, path: [...path, "failed"] }} />
        </div>
        <Wrong place={{ file: FILE, path }} itself />
      </Group>
      <Open of={path} />
    </div>
  );
}
