import type { NotedOut } from "../../../api/schema";
import sheet from "../../../frame/Sheet.module.css";
import { useSpeaker } from "../../../texts/language";
import { named } from "../../../texts/texts";
import { moment } from "../../../time/format";
import { agentCalled, type Known } from "../known";
import styles from "./Story.module.css";
import { TEXTS } from "./texts";

/** What each agent noted of the call. */
export function Noted({ wrapUps, known }: { wrapUps: readonly NotedOut[]; known: Known }) {
  const { say, language } = useSpeaker();
  return (
    <section aria-labelledby="noted">
      <h2 id="noted">{say(TEXTS.notes)}</h2>
      {wrapUps.length === 0 && <p class={sheet.quiet}>{say(TEXTS.noNotes)}</p>}
      {wrapUps.map(({ agent, at, code, name, note }) => (
        <article key={agent} class={styles.note}>
          <p class={sheet.quiet}>
            {[agentCalled(known, agent), moment(at), name === null ? code : named(name, language)]
              .filter(Boolean)
              .join(" · ")}
          </p>
          {note ? <p class={styles.words}>{note}</p> : <p class={sheet.quiet}>{say(TEXTS.noteUnseen)}</p>}
        </article>
      ))}
    </section>
  );
}
