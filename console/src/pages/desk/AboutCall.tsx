import type { NamesOut, StoryOut } from "../../api/schema";
import { called } from "../../frame/names";
import type { Agent } from "../../live/board";
import { useSpeaker } from "../../texts/language";
import { named } from "../../texts/texts";
import { languageName } from "../../texts/words";
import { useNow } from "../../time/clock";
import { dayAndTime, duration, hourAndMinute } from "../../time/format";
import { ColleaguesNotes } from "./ColleaguesNotes";
import styles from "./Desk.module.css";
import { TEXTS } from "./texts";
import { calledBack, entered, waited, way } from "./way";

/** Where the call comes from: queue, wait, the way through the menus, language; what the caller entered. */
export function AboutCall({ me, story, names }: { me: Agent; story: StoryOut | null; names: NamesOut | null }) {
  const { say, language } = useSpeaker();
  const now = useNow();
  if (me.call_id === null) return <section class={styles.about} />;
  const wait = story && waited(story, now);
  const queue = story?.queue ?? me.queue;
  const callback = story && calledBack(story);
  return (
    <section class={styles.about}>
      <h2>
        {queue !== null && called(names?.queues, queue, language)}
        {wait !== null && <span> · {say(TEXTS.waited, { time: duration(wait) })}</span>}
        {story?.direction === "out" && <span> · {callback ? say(TEXTS.callback) : say(TEXTS.out)}</span>}
        {me.test && <span> · {say(TEXTS.test)}</span>}
      </h2>
      {callback?.promised && (
        <p>
          {say(TEXTS.promised, {
            from: dayAndTime(callback.promised[0] * 1_000, language),
            until: hourAndMinute(callback.promised[1] * 1_000, language),
          })}
        </p>
      )}
      {story && (
        <p>
          {way(story, language).join(" → ")}
          <span class={styles.quiet}> · {say(TEXTS.speaks, { language: languageName(story.language, language) })}</span>
        </p>
      )}
      {story &&
        entered(story).map(({ name, digits }) => (
          <p key={named(name, language)}>{say(TEXTS.entered, { name: named(name, language), digits })}</p>
        ))}
      {story && <ColleaguesNotes me={me} story={story} names={names} />}
    </section>
  );
}
