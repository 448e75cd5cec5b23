import { useEffect, useState } from "preact/hooks";
import { Unreached } from "../../api/client";
import { failure } from "../../frame/failure";
import { Notice } from "../../frame/Notice";
import sheet from "../../frame/Sheet.module.css";
import { TEXTS as FRAME } from "../../frame/texts";
import { useSpeaker } from "../../texts/language";
import { useNow } from "../../time/clock";
import { duration, timeOfDay } from "../../time/format";
import { Examination } from "./Examination";
import styles from "./Health.module.css";
import { checks } from "./looks/checks";
import { measures, started } from "./looks/measures";
import { type Row, worst } from "./looks/rows";
import { Maintenance } from "./Maintenance";
import { Mark, Rows } from "./Rows";
import { TEXTS } from "./texts";
import { type Look, useHealth } from "./watch";

/** Milliseconds after which a restart has failed: the page says then that the service does not answer. */
const LONGEST_RESTART = 150_000;

/** What keeps calls going, and what to do where something does not. */
export default function Health() {
  const speaker = useSpeaker();
  const { say, language } = speaker;
  const [restarting, setRestarting] = useState(false);
  const { seen, error, now } = useHealth(restarting, language);
  useEffect(() => {
    if (!restarting) return;
    const timer = setTimeout(() => setRestarting(false), LONGEST_RESTART);
    return () => clearTimeout(timer);
  }, [restarting]);
  if (seen === null) {
    return <Notice>{error === null ? say(FRAME.loading) : failure(error, speaker)}</Notice>;
  }
  const stale = error !== null && !restarting;
  const needed = checks(seen.readiness);
  const figures = measures(seen.reading, seen.before);
  return (
    <main class={sheet.sheet}>
      <Verdict rows={[...needed, ...figures]} seen={seen} />
      {stale && (
        <p class={styles.stale} role="alert">
          {error instanceof Unreached
            ? say(TEXTS.stale, { time: timeOfDay(seen.at, language) })
            : failure(error, speaker)}
        </p>
      )}
      <div class={styles.parts} data-stale={stale}>
        <div class={styles.column}>
          <Maintenance seen={seen} restarting={restarting} onRestarting={setRestarting} onChanged={now} />
          <section aria-labelledby="needed">
            <div class={sheet.bar}>
              <h2 id="needed">{say(TEXTS.needed)}</h2>
            </div>
            <Rows rows={needed} label={say(TEXTS.needed)} />
          </section>
          <Examination />
        </div>
        <section aria-labelledby="figures">
          <div class={sheet.bar}>
            <h2 id="figures">{say(TEXTS.figures)}</h2>
          </div>
          <Rows rows={figures} label={say(TEXTS.figures)} />
          <p class={styles.note}>{say(TEXTS.figuresHint)}</p>
        </section>
      </div>
    </main>
  );
}

/** All of it in a sentence. */
function Verdict({ rows, seen }: { rows: readonly Row[]; seen: Look }) {
  const { say, language } = useSpeaker();
  useNow();
  const level = worst(rows);
  const count = rows.filter((row) => row.level === level).length;
  const words = {
    0: TEXTS.allFine,
    1: count === 1 ? TEXTS.oneOdd : TEXTS.someOdd,
    2: count === 1 ? TEXTS.oneBroken : TEXTS.broken,
  }[level];
  const since = started(seen.reading.samples);
  return (
    <div class={styles.verdict} data-level={level}>
      <h1>{say(TEXTS.title)}</h1>
      <Mark level={level} />
      <span role="status">{say(words, { count })}</span>
      <span class={styles.aside}>
        {since !== null && say(TEXTS.since, { time: duration(seen.reading.at - since) })} ·{" "}
        {say(TEXTS.asOf, { time: timeOfDay(seen.at, language) })}
      </span>
    </div>
  );
}
