import { useState } from "preact/hooks";
import { useSpeaker } from "../../../texts/language";
import { Destination } from "./Destination";
import styles from "./Forms.module.css";
import { ChoiceField, Group, TextField, TextsField, Wrong } from "./fields";
import { useNamed } from "./names";
import { Skills } from "./Skills";
import { CLOSED, STRATEGIES, TEXTS } from "./texts";
import { useFormsHere } from "./useForms";
import { at, items, type Path } from "./value";
import { type FormProps, New, Which } from "./Which";

const FILE = "hotline.yaml";
/** What counts where the file says nothing. */
const USUAL = {
  ring: "15s",
  wrap_up: "20s",
  missed_offers: "1",
  priority: "0s",
  percent: "80",
  within: "15s",
} as const;

/** A queue: who answers, when, and its figures. */
export function Queues({ name, onName }: FormProps) {
  const { say } = useSpeaker();
  const { apply } = useFormsHere();
  const queues = useNamed("queues");
  const [making, setMaking] = useState(false);
  const [shown = ""] = queues.find(([each]) => each === name) ?? queues[0] ?? [];
  const make = async (made: string, texts: Readonly<Record<string, string>>) => {
    const value = { name: texts, needs: { [made]: 1 } };
    const done = await apply({ do: "set", file: FILE, path: ["queues", made], value });
    if (done) onName(made);
    return done;
  };
  return (
    <>
      <Which
        label={say(TEXTS.queue)}
        choices={queues}
        shown={shown}
        onShow={onName}
        add={say(TEXTS.newQueue)}
        onAdd={() => setMaking(true)}
      />
      {making && (
        <New
          title={say(TEXTS.newQueue)}
          taken={queues.map(([each]) => each)}
          otherwise="queue"
          onMake={make}
          onClose={() => setMaking(false)}
        />
      )}
      {shown !== "" && !making && <Queue key={shown} name={shown} />}
    </>
  );
}

function Queue({ name }: { name: string }) {
  const { say } = useSpeaker();
  const path = (...more: Path) => ["queues", name, ...more];
  return (
    <div data-place={`queues/${name}`}>
      <Group title={say(TEXTS.queue)}>
        <TextsField file={FILE} path={path("name")} label={say(TEXTS.name)} />
        <TextsField file={FILE} path={path("whisper")} label={say(TEXTS.whisper)} hint={say(TEXTS.whisperHint)} />
      </Group>
      <Group title={say(TEXTS.needs)}>
        <p class={styles.note}>{say(TEXTS.needsHint)}</p>
        <Skills file={FILE} path={path("needs")} />
      </Group>
      <Open name={name} />
      <Group title={say(TEXTS.figures)}>
        <div class={styles.beside}>
          <TextField file={FILE} path={path("ring")} label={say(TEXTS.ring)} placeholder={USUAL.ring} />
          <TextField file={FILE} path={path("wrap_up")} label={say(TEXTS.wrapUp)} placeholder={USUAL.wrap_up} />
          <TextField
            file={FILE}
            path={path("missed_offers")}
            label={say(TEXTS.missed)}
            placeholder={USUAL.missed_offers}
          />
          <TextField file={FILE} path={path("priority")} label={say(TEXTS.priority)} placeholder={USUAL.priority} />
          <TextField
            file={FILE}
            path={path("service_level", "percent")}
            label={say(TEXTS.percent)}
            placeholder={USUAL.percent}
          />
          <TextField
            file={FILE}
            path={path("service_level", "within")}
            label={say(TEXTS.within)}
            placeholder={USUAL.within}
          />
          <TextField
            file={FILE}
            path={path("announce", "every")}
            label={say(TEXTS.every)}
            hint={say(TEXTS.everyHint)}
          />
          <TextField
            file={FILE}
            path={path("extension")}
            label={say(TEXTS.extension)}
            hint={say(TEXTS.extensionHint)}
          />
          <ChoiceField
            file={FILE}
            path={path("strategy")}
            label={say(TEXTS.strategy)}
            choices={STRATEGIES.map(([value, word]) => [value, say(word)] as const)}
            none={say(TEXTS.byDefault)}
          />
        </div>
        <p class={styles.note}>{say(TEXTS.durations)}</p>
      </Group>
      <Ways name={name} />
    </div>
  );
}

/** When it is open, and what callers hear while it is not: the file has both or neither. */
function Open({ name }: { name: string }) {
  const { say } = useSpeaker();
  const { values, apply } = useFormsHere();
  const hours = useNamed("opening_hours");
  const [open, closed] = [
    ["queues", name, "hours"],
    ["queues", name, "closed"],
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

/** Rules of the queue that stand in the file only. */
function Ways({ name }: { name: string }) {
  const { say } = useSpeaker();
  const { values } = useFormsHere();
  const queue = at(values[FILE], "queues", name);
  const count = items(at(queue, "relax")).length + items(at(queue, "overflow")).length;
  return (
    <p class={styles.note}>
      {say(TEXTS.inFileOnly, { count })} <Wrong place={{ file: FILE, path: ["queues", name, "overflow"] }} />
    </p>
  );
}
