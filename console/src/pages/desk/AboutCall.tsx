import type { StoryOut } from "../../api/schema";
import type { Agent, Queue } from "../../live/board";
import { useSpeaker } from "../../texts/language";
import { named } from "../../texts/texts";
import { useNow } from "../../time/clock";
import { duration } from "../../time/format";
import styles from "./Desk.module.css";
import { TEXTS } from "./texts";
import { entered, waited, way } from "./way";

/** A language's name in the reader's own. */
function nameOf(tag: string, reader: string): string {
  try {
    return new Intl.DisplayNames(reader, { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag; // no tag of a language
  }
}

/** Where the call comes from: queue, wait, the way through the menus, language; what the caller entered. */
export function AboutCall({
  me,
  story,
  queues,
}: {
  me: Agent;
  story: StoryOut | null;
  queues: ReadonlyMap<string, Queue>;
}) {
  const { say, language } = useSpeaker();
  const now = useNow();
  if (me.queue === null) return <section class={styles.about} />;
  const queue = queues.get(me.queue);
  const wait = story && waited(story, now);
  return (
    <section class={styles.about}>
      <h2>
        {queue === undefined ? me.queue : named(queue.name, language)}
        {wait !== null && <span> · {say(TEXTS.waited, { time: duration(wait) })}</span>}
        {me.test && <span> · {say(TEXTS.test)}</span>}
      </h2>
      {story && (
        <p>
          {way(story).join(" → ")}
          <span class={styles.quiet}> · {say(TEXTS.speaks, { language: nameOf(story.language, language) })}</span>
        </p>
      )}
      {story &&
        entered(story).map(({ name, digits }) => (
          <p key={named(name, language)}>{say(TEXTS.entered, { name: named(name, language), digits })}</p>
        ))}
    </section>
  );
}
