import type { StoryOut } from "../../../api/schema";
import sheet from "../../../frame/Sheet.module.css";
import { TableHead } from "../../../frame/TableHead";
import { useSpeaker } from "../../../texts/language";
import { duration, timeOfDay } from "../../../time/format";
import type { Known } from "../known";
import styles from "./Story.module.css";
import { stepsOf } from "./steps";
import { TEXTS } from "./texts";
import { sentence } from "./words";

/** Everything that happened, in order. */
export function Steps({ story, known }: { story: StoryOut; known: Known }) {
  const speaker = useSpeaker();
  const { say, language } = speaker;
  const began = Date.parse(story.started);
  return (
    <section aria-labelledby="steps">
      <h2 id="steps">{say(TEXTS.steps)}</h2>
      <div class={sheet.room}>
        <table class={`${sheet.table} ${styles.steps}`}>
          <TableHead columns={[TEXTS.at, TEXTS.step]} />
          <tbody>
            {stepsOf(story).map((step, place) => (
              <tr key={place} data-kind={step.kind}>
                <td class={styles.at}>
                  {timeOfDay(step.at, language)} <span class={sheet.quiet}>{duration((step.at - began) / 1_000)}</span>
                </td>
                <td class={styles.words}>{sentence(step, known, speaker)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
