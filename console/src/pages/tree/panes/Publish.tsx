import { useState } from "preact/hooks";
import { useAnswer } from "../../../api/answer";
import { ask } from "../../../api/client";
import type { DraftCheckOut } from "../../../api/schema";
import field from "../../../frame/Field.module.css";
import { failure } from "../../../frame/failure";
import sheet from "../../../frame/Sheet.module.css";
import { useSpeaker } from "../../../texts/language";
import type { PaneProps } from "../model";
import { Changes } from "./Changes";
import { Elsewhere } from "./Elsewhere";
import { Line } from "./Line";
import styles from "./Panes.module.css";
import { newer, publish } from "./published";
import { sent } from "./sent";
import { COMPARE, PUBLISH, TEXTS } from "./texts";

/** Of a hundred callers, so many get it at first. */
const PERCENTS = [100, 5, 10, 25, 50] as const;

/** Publish the draft, after a look at what it does. */
export function Publish(props: PaneProps) {
  const { files, version, etag, onSpot, onPlace, onPublished } = props;
  const speaker = useSpeaker();
  const { language, say } = speaker;
  const [note, setNote] = useState("");
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<unknown>(null);
  const [percent, setPercent] = useState(100);
  const [done, setDone] = useState<string | null>(null);
  const inputs = [files, version, language];
  const check = useAnswer(
    (signal) => ask("post", "/api/v1/drafts/check", { body: { files: sent(files) }, language }, signal),
    inputs,
  );
  const changes = useAnswer(
    (signal) =>
      ask("post", "/api/v1/drafts/differences", { body: { files: sent(files), against: version }, language }, signal),
    inputs,
  );
  const submit = async () => {
    setBusy(true);
    setWrong(null);
    try {
      const trial = percent === 100 ? null : { percent };
      const { number } = await publish({ files: { ...files }, note: note.trim(), trial }, etag, language);
      setDone(say(trial === null ? PUBLISH.done : PUBLISH.tried, { number }));
      setNote("");
      if (trial === null) onPublished(number);
    } catch (error) {
      setWrong(error);
    } finally {
      setBusy(false);
    }
  };
  const hindrance = check.error ?? (newer(wrong) ? null : wrong);
  return (
    <div class={styles.pane}>
      <p class={sheet.quiet}>{say(PUBLISH.intro)}</p>
      <section aria-label={say(PUBLISH.before)}>
        <h2>{say(PUBLISH.before)}</h2>
        <p role="status">{check.busy || !check.answer ? say(TEXTS.busy) : verdict(check.answer, say)}</p>
        <ul class={styles.changes}>
          {(check.answer?.problems ?? []).map((problem, index) => (
            <li key={index} data-problem={problem.code} data-level={problem.level}>
              <span>{problem.message}</span> <Line spot={problem} onSpot={onSpot} />
            </li>
          ))}
        </ul>
        {changes.answer && (
          <>
            <p>{say(changes.answer.length ? COMPARE.intro : COMPARE.same)}</p>
            <Changes changes={changes.answer} onPlace={onPlace} />
          </>
        )}
        {check.answer?.usable && <Elsewhere files={files} onPlace={onPlace} />}
      </section>
      <form
        class={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <label class={`${field.field} ${styles.note}`}>
          {say(PUBLISH.note)}
          <input value={note} maxLength={500} onInput={({ currentTarget }) => setNote(currentTarget.value)} />
        </label>
        <label class={field.field}>
          {say(PUBLISH.who)}
          <select value={percent} onChange={({ currentTarget }) => setPercent(Number(currentTarget.value))}>
            {PERCENTS.map((each) => (
              <option key={each} value={each}>
                {each === 100 ? say(PUBLISH.everybody) : say(PUBLISH.some, { percent: each })}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" data-primary disabled={busy || check.busy || !check.answer?.usable}>
          {say(busy ? PUBLISH.doing : PUBLISH.do)}
        </button>
      </form>
      <p class={sheet.refused} role="alert">
        {newer(wrong) ? say(PUBLISH.newer) : hindrance !== null && failure(hindrance, speaker)}
      </p>
      {percent !== 100 && <p class={sheet.quiet}>{say(PUBLISH.trialIntro)}</p>}
      <p role="status">{done}</p>
    </div>
  );
}

function verdict({ usable, problems, more }: DraftCheckOut, say: ReturnType<typeof useSpeaker>["say"]): string {
  const errors = problems.filter(({ level }) => level === "error").length;
  if (!usable) return say(PUBLISH.errors, { count: errors });
  return problems.length === 0 ? say(PUBLISH.clean) : say(PUBLISH.warnings, { count: problems.length + more });
}
