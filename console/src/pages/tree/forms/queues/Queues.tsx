import { useState } from "preact/hooks";
import { useSpeaker } from "../../../../texts/language";
import styles from "../Forms.module.css";
import { CheckField, ChoiceField, Group, TextField, TextsField, Wrong } from "../fields";
import { useNamed } from "../names";
import { Open } from "../Open";
import { Skills } from "../Skills";
import { TEXTS as SHARED } from "../texts";
import { useFormsHere } from "../useForms";
import { at, type Path } from "../value";
import { type FormProps, New, Which } from "../Which";
import { QueueCodes } from "./QueueCodes";
import { Relaxing } from "./Relaxing";
import { Survey } from "./Survey";
import { STRATEGIES, TEXTS } from "./texts";
import { WaysOut } from "./WaysOut";

const FILE = "hotline.yaml";
/** What counts where the file says nothing. */
const USUAL = {
  ring: "15s",
  wrap_up: "20s",
  missed_offers: "1",
  priority: "0s",
  percent: "80",
  within: "15s",
  missed_after: "10s",
  grace: "2m",
  sticky_wait: "0s",
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
      <p class={styles.note}>{say(TEXTS.queuesAbout)}</p>
      <Which
        label={say(SHARED.queue)}
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
  const { values } = useFormsHere();
  const path = (...more: Path) => ["queues", name, ...more];
  const sticky = at(values[FILE], ...path("sticky"));
  const inFull = sticky !== null && typeof sticky === "object";
  return (
    <div data-place={`queues/${name}`}>
      <Group title={say(SHARED.queue)}>
        <TextsField file={FILE} path={path("name")} label={say(SHARED.name)} />
        <TextsField file={FILE} path={path("whisper")} label={say(TEXTS.whisper)} hint={say(TEXTS.whisperHint)} />
      </Group>
      <Group title={say(TEXTS.needs)}>
        <p class={styles.note}>{say(TEXTS.needsHint)}</p>
        <Skills file={FILE} path={path("needs")} />
      </Group>
      <Open of={path()} />
      <Group title={say(TEXTS.figures)}>
        <div class={styles.beside}>
          <TextField file={FILE} path={path("ring")} label={say(SHARED.ring)} placeholder={USUAL.ring} />
          <TextField file={FILE} path={path("wrap_up")} label={say(TEXTS.wrapUp)} placeholder={USUAL.wrap_up} />
          <TextField
            file={FILE}
            path={path("missed_offers")}
            number
            label={say(TEXTS.missed)}
            placeholder={USUAL.missed_offers}
          />
          <TextField file={FILE} path={path("limit")} number label={say(TEXTS.limit)} hint={say(TEXTS.limitHint)} />
          <TextField file={FILE} path={path("priority")} label={say(TEXTS.priority)} placeholder={USUAL.priority} />
          <TextField
            file={FILE}
            path={path("service_level", "percent")}
            number
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
            path={path("missed", "after")}
            label={say(TEXTS.missedAfter)}
            hint={say(TEXTS.missedAfterHint)}
            placeholder={USUAL.missed_after}
          />
          <TextField
            file={FILE}
            path={path("missed", "grace")}
            label={say(TEXTS.grace)}
            hint={say(TEXTS.graceHint)}
            placeholder={USUAL.grace}
          />
          <CheckField
            file={FILE}
            path={path("missed", "call_back")}
            label={say(TEXTS.callBack)}
            hint={say(TEXTS.callBackHint)}
          />
          <TextField
            file={FILE}
            path={inFull ? path("sticky", "within") : path("sticky")}
            label={say(TEXTS.sticky)}
            hint={say(TEXTS.stickyHint)}
          />
          {inFull && (
            <TextField
              file={FILE}
              path={path("sticky", "wait")}
              label={say(TEXTS.stickyWait)}
              hint={say(TEXTS.stickyWaitHint)}
              placeholder={USUAL.sticky_wait}
            />
          )}
          <TextField
            file={FILE}
            path={path("announce", "every")}
            label={say(TEXTS.every)}
            hint={say(TEXTS.everyHint)}
          />
          <ChoiceField
            file={FILE}
            path={path("record")}
            label={say(TEXTS.record)}
            choices={[
              ["never", say(TEXTS.recordNever)],
              ["on-demand", say(TEXTS.recordOnDemand)],
              ["always", say(TEXTS.recordAlways)],
            ]}
            none={say(SHARED.byDefault)}
          />
          <TextField
            file={FILE}
            path={path("extension")}
            label={say(SHARED.extension)}
            hint={say(SHARED.extensionHint)}
          />
          <ChoiceField
            file={FILE}
            path={path("strategy")}
            label={say(TEXTS.strategy)}
            choices={STRATEGIES.map(([value, word]) => [value, say(word)] as const)}
            none={say(SHARED.byDefault)}
          />
        </div>
        <p class={styles.note}>{say(TEXTS.durations)}</p>
      </Group>
      <QueueCodes path={path("wrap_up_codes")} />
      <Survey path={path("survey")} />
      <Relaxing path={path("relax")} needs={path("needs")} />
      <WaysOut path={path("overflow")} />
      <Wrong place={{ file: FILE, path: path() }} itself />
    </div>
  );
}
