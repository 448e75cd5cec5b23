import type { Agent } from "../../../live/board";
import { useSpeaker } from "../../../texts/language";
import { CodeField } from "./CodeField";
import { NoteField } from "./NoteField";
import { useSheet } from "./sheet";
import { TEXTS } from "./texts";
import styles from "./WrapUp.module.css";

/** What the agent notes of the call, or of the last one: a text and a code. */
export function WrapUp({ me }: { me: Agent }) {
  const { say } = useSpeaker();
  const sheet = useSheet(me);
  if (sheet === null) return null;
  const { wrapUp } = sheet;
  return (
    <section class={styles.sheet} aria-label={say(wrapUp.call_id === me.call_id ? TEXTS.ofCall : TEXTS.ofLast)}>
      {wrapUp.call_id !== me.call_id && <h3>{say(TEXTS.ofLast)}</h3>}
      <NoteField key={wrapUp.call_id} wrapUp={wrapUp} />
      {wrapUp.codes.length > 0 && (
        <CodeField key={`code ${wrapUp.call_id}`} wrapUp={wrapUp} me={me} give={sheet.give} />
      )}
    </section>
  );
}
