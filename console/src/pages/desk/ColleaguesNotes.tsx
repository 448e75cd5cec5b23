import type { NamesOut, StoryOut } from "../../api/schema";
import { called } from "../../frame/names";
import type { Agent } from "../../live/board";
import { useSpeaker } from "../../texts/language";
import { named } from "../../texts/texts";
import styles from "./Desk.module.css";
import { TEXTS } from "./texts";

/** What others have noted of this call before it came here, each by name. */
export function ColleaguesNotes({ me, story, names }: { me: Agent; story: StoryOut; names: NamesOut | null }) {
  const { say, language } = useSpeaker();
  const noted = story.wrap_ups.filter(({ agent, note, code }) => agent !== me.id && (note || code));
  if (noted.length === 0) return null;
  return (
    <section class={styles.colleagues} aria-label={say(TEXTS.colleagues)}>
      <h3>{say(TEXTS.colleagues)}</h3>
      {noted.map(({ agent, note, code, name }) => (
        <p key={agent}>
          <b>{called(names?.agents, agent, language)}</b>
          {code && <span> · {named(name ?? {}, language) || code}</span>}
          {note && <q>{note}</q>}
        </p>
      ))}
    </section>
  );
}
