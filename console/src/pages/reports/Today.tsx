import { useAnswer } from "../../api/answer";
import { ask } from "../../api/client";
import { failure } from "../../frame/failure";
import { go } from "../../frame/place";
import sheet from "../../frame/Sheet.module.css";
import { TEXTS as FRAME } from "../../frame/texts";
import { useSpeaker } from "../../texts/language";
import { now } from "../../time/clock";
import { hourAndMinute } from "../../time/format";
import { serviceLevel, waitLevel } from "../wall/thresholds";
import { addressOf, queryOf } from "./asked";
import { FiguresTable, type LevelOf } from "./FiguresTable";
import { Choice, Compare } from "./Filters";
import { Made } from "./Made";
import type { ViewProps } from "./Reports";
import styles from "./Reports.module.css";
import { TEXTS } from "./texts";
import { useOver } from "./useOver";
import { label, namesOf } from "./values";

const PATH = "/api/v1/reports/{kind}";
const QUEUES = { kind: "queues" } as const;

/** The queues today, and one of them or all by quarter hours. It is asked for anew when entries are over. */
export function Today({ asked, reports, known }: ViewProps) {
  const speaker = useSpeaker();
  const { say, language } = speaker;
  const { turn, queues } = useOver();
  const { name, compare } = asked;
  const query = queryOf({ ...asked, from: "", to: "" }); // today, also after midnight
  const both = queryOf({ ...asked, from: "", to: "", by: "queue", name: "", time: "" });
  const { answer, error } = useAnswer(
    async (cut) => {
      const [queues, quarters] = await Promise.all([
        ask("get", PATH, { path: QUEUES, query: both }, cut),
        ask("get", PATH, { path: QUEUES, query }, cut),
      ]);
      return { queues, quarters, at: now() };
    },
    [name, compare, turn],
  );
  const report = reports.find(({ kind }) => kind === "queues");
  const naming = { known, speaker, dimension: "queue", every: null };
  const ids = [...new Set([...namesOf("queue", known.names, known.agents), ...(name === "" ? [] : [name])])];
  const leads = (queue: string) => addressOf({ ...asked, name: queue });
  const usual = report?.figures.filter((each) => each.usual && answer && each.id in answer.queues.total) ?? [];
  const [bar = null] = usual;
  const level: LevelOf = (row, id) => {
    const aim = queues?.get(row.name ?? "")?.service_level;
    const value = row.figures[id] ?? null;
    if (aim === undefined || value === null) return 0;
    if (id === answer?.queues.service_level) return serviceLevel(value, aim.target_percent);
    return id === "longest_wait" ? waitLevel(value, aim.within_s) : 0;
  };
  return (
    <>
      <p class={sheet.refused} role="alert">
        {error !== null && failure(error, speaker)}
      </p>
      {answer === null && error === null && <p class={sheet.quiet}>{say(FRAME.loading)}</p>}
      {answer !== null && report && (
        <>
          <p class={sheet.quiet}>{say(TEXTS.asOf, { time: hourAndMinute(answer.at, language) })}</p>
          {answer.queues.rows.length > 0 && (
            <section aria-label={say(TEXTS.byQueue)} class={styles.part}>
              <h2>{say(TEXTS.byQueue)}</h2>
              <FiguresTable
                made={answer.queues}
                figures={usual}
                bar={bar}
                naming={naming}
                leads={leads}
                level={level}
              />
            </section>
          )}
          <section aria-label={say(TEXTS.byQuarter)} class={styles.part}>
            <h2>{say(TEXTS.byQuarter)}</h2>
            <div class={styles.filters}>
              <Choice
                word={TEXTS.only}
                value={name}
                options={[["", say(TEXTS.allQueues)], ...ids.map((id) => [id, label("name", id, naming)] as const)]}
                onChange={(queue) => go(leads(queue))}
              />
              <Compare asked={asked} onChange={(changed) => go(addressOf({ ...asked, ...changed }))} />
            </div>
            <Made asked={asked} made={answer.quarters} report={report} known={known} />
          </section>
        </>
      )}
    </>
  );
}
