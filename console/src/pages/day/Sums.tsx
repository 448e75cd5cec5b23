import type { AgentDayOut, NamesOut } from "../../api/schema";
import sheet from "../../frame/Sheet.module.css";
import { useSpeaker } from "../../texts/language";
import { duration, timeOfDay } from "../../time/format";
import styles from "./Day.module.css";
import { activity, Mark } from "./Drawing";
import { wholeSeconds } from "./hours";
import { TEXTS } from "./texts";

/** How long each activity took: the legend of the drawing, too. The last row is all shifts together. */
export function Sums({ day, names }: { day: AgentDayOut; names: NamesOut | null }) {
  const speaker = useSpeaker();
  const { say, language } = speaker;
  const seconds = wholeSeconds(day.sums.map(({ ms }) => ms));
  const time = (at: string) => timeOfDay(Date.parse(at), language);
  return (
    <section class={styles.sums} aria-label={say(TEXTS.time)}>
      <table class={styles.table}>
        <thead>
          <tr>
            <th scope="col">{say(TEXTS.kind)}</th>
            <th scope="col">{say(TEXTS.time)}</th>
            <th scope="col">{say(TEXTS.share)}</th>
          </tr>
        </thead>
        <tbody>
          {day.sums.map((sum, place) => (
            <tr key={`${sum.kind} ${sum.reason}`} data-sum={sum.kind}>
              <th scope="row">
                <Mark kind={sum.kind} /> {activity(sum, names, speaker)}
              </th>
              <td>{duration(seconds[place] ?? 0)}</td>
              <td>{((100 * sum.ms) / day.signed_in_ms).toFixed(1)} %</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr data-sum="all">
            <th scope="row">{say(TEXTS.signedIn)}</th>
            <td>{duration(Math.round(day.signed_in_ms / 1_000))}</td>
            <td />
          </tr>
        </tfoot>
      </table>
      <p class={sheet.quiet}>{day.shifts.map(({ from, until }) => `${time(from)} – ${time(until)}`).join(" · ")}</p>
      <p class={sheet.quiet}>{say(TEXTS.missed, { count: day.missed })}</p>
    </section>
  );
}
