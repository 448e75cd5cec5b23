import type { FiguresOut, ReportOut } from "../../api/schema";
import { go } from "../../frame/place";
import sheet from "../../frame/Sheet.module.css";
import { useSpeaker } from "../../texts/language";
import { day, moment } from "../../time/format";
import type { Known } from "../calls/known";
import { type Asked, addressOf, queryOf } from "./asked";
import { axesOf } from "./drawing";
import { FiguresTable, isNamed } from "./FiguresTable";
import { Files } from "./Files";
import { Choice } from "./Filters";
import { Picture } from "./Picture";
import styles from "./Reports.module.css";
import { TEXTS } from "./texts";
import { WhyNot } from "./WhyNot";

export interface MadeProps {
  asked: Asked;
  /** What the service is asked for, so that the file has the same. */
  made: FiguresOut;
  report: ReportOut;
  known: Known;
}

/** A report as it is shown: the figure to draw, its picture, the table, the file, and why sums differ. */
export function Made({ asked, made, report, known }: MadeProps) {
  const speaker = useSpeaker();
  const { say, language } = speaker;
  const there = report.figures.filter(({ id }) => id in made.total);
  const figures = asked.all === "" ? usual(there) : there;
  const drawn = there.find(({ id }) => id === asked.figure) ?? figures[0];
  const naming = { known, speaker, dimension: made.by.find((each) => isNamed(each)) ?? "", every: made.every };
  const show = (changed: Partial<Asked>) => go(addressOf({ ...asked, ...changed }));
  if (made.counted_since === null) return <p class={sheet.nothing}>{say(TEXTS.never)}</p>;
  if (made.rows.length === 0 || drawn === undefined)
    return <p class={sheet.nothing}>{say(asked.view === "today" ? TEXTS.nothingToday : TEXTS.nothing)}</p>;
  const timed = axesOf(made).some((axis) => axis === "begins" || axis === "hour" || axis === "weekday");
  return (
    <>
      <div class={styles.filters}>
        <Choice
          word={TEXTS.figure}
          value={drawn.id}
          options={there.map((each) => [each.id, each.name[language]])}
          onChange={(figure) => show({ figure })}
        />
        <label class={styles.check}>
          <input
            type="checkbox"
            checked={asked.all !== ""}
            onChange={({ currentTarget }) => show({ all: currentTarget.checked ? "yes" : "" })}
          />
          {say(TEXTS.all)}
        </label>
        <Files kind={made.kind} query={queryOf({ ...asked, from: made.from, to: made.to })} />
      </div>
      {Date.parse(made.counted_since) > Date.parse(made.from) && (
        <p class={sheet.quiet}>{say(TEXTS.since, { time: moment(made.counted_since) })}</p>
      )}
      {made.before && (
        <p class={sheet.quiet}>
          {say(TEXTS.beforeDays, { from: day(made.before.from, language), to: day(made.before.to, language) })}
        </p>
      )}
      <Picture made={made} of={drawn} naming={naming} />
      <FiguresTable
        made={made}
        figures={figures}
        bar={timed ? null : drawn}
        naming={naming}
        leads={(name) => addressOf({ ...asked, name })}
      />
      <WhyNot report={report} asked={asked} />
    </>
  );
}

/** Those that are shown first; all, if the rows have none of these. */
function usual<T extends { usual: boolean }>(figures: readonly T[]): readonly T[] {
  const found = figures.filter((each) => each.usual);
  return found.length === 0 ? figures : found;
}
