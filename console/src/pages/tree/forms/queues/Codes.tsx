import { useState } from "preact/hooks";
import { useSpeaker } from "../../../../texts/language";
import { listed } from "../../../../texts/words";
import styles from "../Forms.module.css";
import { Group, TextsField, useLanguages, Wrong } from "../fields";
import { useNamed } from "../names";
import { TEXTS as SHARED } from "../texts";
import { useFormsHere } from "../useForms";
import { at, entries } from "../value";
import { type FormProps, New, Which } from "../Which";
import { FIRST_CODE, TEXTS } from "./texts";
import { exchanged } from "./ways";

const FILE = "hotline.yaml";
const SECTION = "wrap_up_codes";
/** Characters of a code. */
const LONGEST = 20;

/** Lists of wrap-up codes: what came of a call. */
export function Codes({ name, onName }: FormProps) {
  const { say } = useSpeaker();
  const { values, apply } = useFormsHere();
  const tags = useLanguages();
  const lists = Object.keys(entries(at(values[FILE], SECTION)));
  const [making, setMaking] = useState(false);
  const shown = lists.find((each) => each === name) ?? lists[0] ?? "";
  const make = async (made: string) => {
    const words = Object.fromEntries(tags.map((tag) => [tag, tag === "zh" ? FIRST_CODE.zh : FIRST_CODE.en]));
    const done = await apply({ do: "set", file: FILE, path: [SECTION, made], value: { answered: words } });
    if (done) onName(made);
    return done;
  };
  return (
    <>
      {lists.length === 0 && !making && <p class={styles.note}>{say(TEXTS.noCodeLists)}</p>}
      <Which
        label={say(TEXTS.codeList)}
        choices={lists.map((each) => [each, each] as const)}
        shown={shown}
        onShow={onName}
        add={say(TEXTS.newCodeList)}
        onAdd={() => setMaking(true)}
      />
      {making && (
        <New
          title={say(TEXTS.newCodeList)}
          taken={lists}
          otherwise="codes"
          unnamed
          onMake={make}
          onClose={() => setMaking(false)}
        />
      )}
      {shown !== "" && !making && <List key={shown} name={shown} />}
    </>
  );
}

function List({ name }: { name: string }) {
  const { say, language } = useSpeaker();
  const { values, apply } = useFormsHere();
  const [making, setMaking] = useState(false);
  const path = [SECTION, name];
  const all = at(values[FILE], ...path);
  const codes = Object.keys(entries(all));
  const queues = useNamed("queues")
    .filter(([queue]) => at(values[FILE], "queues", queue, SECTION, "list") === name)
    .map(([, word]) => word);
  return (
    <div data-place={`${SECTION}/${name}`}>
      <p class={styles.note}>
        {queues.length === 0 ? say(TEXTS.unusedCodes) : say(SHARED.used, { by: listed(queues, language) })}
      </p>
      <Group title={say(SHARED.codes)}>
        <p class={styles.note}>{say(TEXTS.codesHint)}</p>
        {codes.map((code, place) => (
          <div key={code} class={styles.code} data-code={code}>
            <TextsField file={FILE} path={[...path, code]} label={code} />
            <button
              type="button"
              disabled={place === 0}
              aria-label={say(TEXTS.codeUp, { code })}
              onClick={() => void apply(...exchanged(path, all, codes[place - 1] ?? "", code))}
            >
              ↑
            </button>
            <button
              type="button"
              disabled={codes.length === 1}
              aria-label={say(TEXTS.removeCode, { code })}
              onClick={() => void apply({ do: "remove", file: FILE, path: [...path, code] })}
            >
              {say(SHARED.less)}
            </button>
          </div>
        ))}
        <Wrong place={{ file: FILE, path }} itself />
        {making ? (
          <New
            title={say(TEXTS.newCode)}
            taken={codes}
            otherwise="code"
            longest={LONGEST}
            onMake={(code, texts) => apply({ do: "set", file: FILE, path: [...path, code], value: texts })}
            onClose={() => setMaking(false)}
          />
        ) : (
          <div class={styles.beside}>
            <button type="button" onClick={() => setMaking(true)}>
              {say(TEXTS.newCode)}
            </button>
          </div>
        )}
      </Group>
    </div>
  );
}
