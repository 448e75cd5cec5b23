import { useState } from "preact/hooks";
import { ask } from "../../../api/client";
import type { ReplayOut } from "../../../api/schema";
import field from "../../../frame/Field.module.css";
import { failure } from "../../../frame/failure";
import sheet from "../../../frame/Sheet.module.css";
import { useSpeaker } from "../../../texts/language";
import type { PaneProps } from "../model";
import { Changes } from "./Changes";
import styles from "./Panes.module.css";
import { sent } from "./sent";
import { TEXTS, TRY } from "./texts";

const DAYS = [1, 7, 14, 31] as const;

/** Where the callers of the last days would have ended under a draft. */
export function Replay({ files, onPlace }: PaneProps) {
  const speaker = useSpeaker();
  const { language, say } = speaker;
  const [days, setDays] = useState<number>(7);
  const [found, setFound] = useState<ReplayOut | null>(null);
  const [wrong, setWrong] = useState("");
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    setWrong("");
    try {
      setFound(await ask("post", "/api/v1/drafts/replay", { body: { files: sent(files), days }, language }));
    } catch (error) {
      setFound(null);
      setWrong(failure(error, speaker));
    } finally {
      setBusy(false);
    }
  };
  return (
    <section aria-label={say(TRY.replay)}>
      <div class={sheet.bar}>
        <h2>{say(TRY.replay)}</h2>
      </div>
      <p class={sheet.quiet}>{say(TRY.replayIntro)}</p>
      <form
        class={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void run();
        }}
      >
        <label class={field.field}>
          {say(TRY.days)}
          <select value={days} onChange={({ currentTarget }) => setDays(Number(currentTarget.value))}>
            {DAYS.map((each) => (
              <option key={each} value={each}>
                {each}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" disabled={busy}>
          {say(busy ? TEXTS.busy : TRY.run)}
        </button>
      </form>
      <p class={sheet.refused} role="alert">
        {wrong}
      </p>
      <div role="status">
        {found && (
          <>
            <dl class={styles.figures}>
              <div>
                <dt>{say(TRY.elsewhere)}</dt>
                <dd data-figure="elsewhere">{found.elsewhere}</dd>
              </div>
              <div>
                <dt>{say(TRY.callers)}</dt>
                <dd data-figure="callers">{found.callers}</dd>
              </div>
            </dl>
            <p>{found.summary}</p>
          </>
        )}
      </div>
      {found && <Changes changes={found.changes} onPlace={onPlace} />}
      {found && found.not_counted > 0 && <p class={sheet.quiet}>{say(TRY.notCounted, { count: found.not_counted })}</p>}
    </section>
  );
}
