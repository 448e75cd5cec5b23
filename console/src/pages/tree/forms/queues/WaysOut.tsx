import { KINDS } from "../../../../api/tables";
import fields from "../../../../frame/Field.module.css";
import { useSpeaker } from "../../../../texts/language";
import { Destination } from "../Destination";
import styles from "../Forms.module.css";
import { Group, TextField, TextsField, Wrong } from "../fields";
import { TEXTS as SHARED } from "../texts";
import { useFormsHere } from "../useForms";
import { at, items, type Path, type Value } from "../value";
import { BUSY, CONDITION_NAMES, TEXTS } from "./texts";
import { CONDITIONS, type Condition, conditionOf, FIRST, isMessage, message, THEN, withCondition } from "./ways";

const FILE = "hotline.yaml";

/** Rules by which callers leave a queue, tried in order. */
export function WaysOut({ path }: { path: Path }) {
  const { say } = useSpeaker();
  const { values, apply } = useFormsHere();
  const rules = items(at(values[FILE], ...path));
  const add = (to: Value) => {
    const value = { waited: FIRST.waited, [THEN]: to };
    if (to !== null) void apply({ do: "set", file: FILE, path: [...path, rules.length], value });
  };
  return (
    <Group title={say(TEXTS.waysOut)}>
      <p class={styles.note}>{say(rules.length === 0 ? TEXTS.noWaysOut : TEXTS.waysOutHint)}</p>
      {rules.map((rule, index) => (
        <Way key={index} path={path} index={index} rule={rule} alone={rules.length === 1} />
      ))}
      <Wrong place={{ file: FILE, path }} itself />
      <div class={fields.field}>
        <span>{say(TEXTS.newWay)}</span>
        <Destination
          key={rules.length}
          path={[...path, rules.length]}
          label={say(TEXTS.newWay)}
          none={say(TEXTS.choose)}
          onChoose={add}
        />
      </div>
    </Group>
  );
}

interface WayProps {
  readonly path: Path;
  readonly index: number;
  readonly rule: Value;
  readonly alone: boolean;
}

function Way({ path, index, rule, alone }: WayProps) {
  const { say } = useSpeaker();
  const { apply } = useFormsHere();
  const own = [...path, index];
  const condition = conditionOf(rule);
  const choose = (to: Condition) => void apply(...withCondition(own, rule, to));
  const remove = () => void apply({ do: "remove", file: FILE, path: alone ? path : own });
  return (
    <fieldset class={styles.way} data-way={index}>
      <legend>{say(TEXTS.way, { number: index + 1 })}</legend>
      <div class={styles.beside}>
        <div class={fields.field}>
          <span>{say(TEXTS.wayWhen)}</span>
          <select
            aria-label={say(TEXTS.wayWhen)}
            value={condition ?? ""}
            onChange={({ currentTarget }) => choose(currentTarget.value as Condition)}
          >
            {condition === null && <option value="">{say(TEXTS.choose)}</option>}
            {CONDITIONS.map((each) => (
              <option key={each} value={each}>
                {say(CONDITION_NAMES[each])}
              </option>
            ))}
          </select>
        </div>
        {condition !== null && (
          <TextField
            key={condition}
            file={FILE}
            path={[...own, condition]}
            number={condition === "waiting"}
            label={say(condition === "waiting" ? TEXTS.wayCallers : TEXTS.wayTime)}
          />
        )}
        {index > 0 && (
          <button
            type="button"
            aria-label={say(TEXTS.wayUp)}
            onClick={() => void apply({ do: "rename", file: FILE, path: own, to: String(index - 1) })}
          >
            ↑
          </button>
        )}
        <button type="button" onClick={remove}>
          {say(SHARED.less)}
        </button>
      </div>
      <Goes path={[...own, THEN]} to={at(rule, THEN)} />
      <Wrong place={{ file: FILE, path: own }} itself />
    </fieldset>
  );
}

/** Where the callers go, and what they hear before. More than a message and one place is left to the file. */
function Goes({ path, to }: { path: Path; to: Value }) {
  const { say } = useSpeaker();
  const { apply } = useFormsHere();
  const says = isMessage(to);
  const setSays = (yes: boolean) => {
    const value = yes ? message({ zh: BUSY.zh, en: BUSY.en }, to) : (at(to, THEN) ?? { hangup: true });
    void apply({ do: "set", file: FILE, path, value });
  };
  const label = say(TEXTS.wayTo);
  return (
    <>
      <div class={styles.beside}>
        <div class={fields.field}>
          <span>{label}</span>
          <Destination
            path={says ? [...path, THEN] : path}
            label={label}
            none={say(says ? KINDS.hangup.word : TEXTS.choose)}
          />
        </div>
        {(says || at(to, "say") === null) && (
          <label class={styles.check}>
            <input type="checkbox" checked={says} onChange={({ currentTarget }) => setSays(currentTarget.checked)} />
            {say(TEXTS.waySays)}
          </label>
        )}
      </div>
      {says && <TextsField file={FILE} path={[...path, "say"]} label={say(SHARED.says)} long />}
      <Wrong place={{ file: FILE, path }} itself />
    </>
  );
}
