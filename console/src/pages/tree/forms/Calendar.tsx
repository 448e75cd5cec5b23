import { useState } from "preact/hooks";
import { useSpeaker } from "../../../texts/language";
import styles from "./Forms.module.css";
import { Wrong } from "./fields";
import { Spans } from "./Hours";
import { nextMonth, timesOn, weeksOf, withDays } from "./special";
import { DAY_NAMES, TEXTS } from "./texts";
import { useFormsHere } from "./useForms";
import { at, type Path } from "./value";
import { type Times, times, written } from "./week";

const FILE = "hotline.yaml";
const USUAL: Times = [["09:00", "12:00"]];

/** Single dates with times of their own: a day is chosen by a click, more by a second click on the last one. */
export function Calendar({ path }: { path: Path }) {
  const { say } = useSpeaker();
  const { values, apply } = useFormsHere();
  const special = at(values[FILE], ...path);
  const [month, setMonth] = useState(() => new Date().toISOString().slice(0, 7));
  const [from, setFrom] = useState<string | null>(null);
  const [to, setTo] = useState<string | null>(null);
  const choose = (date: string) => {
    if (from === null || to !== from || date <= from) {
      setFrom(date);
      setTo(date);
    } else setTo(date);
  };
  const set = (said: string | null) => {
    if (from === null || to === null) return;
    const value = withDays(special, from, to, said);
    void apply(
      Object.keys(value).length > 0 ? { do: "set", file: FILE, path, value } : { do: "remove", file: FILE, path },
    );
  };
  const chosen = from === null ? null : timesOn(special, from);
  const spans = chosen === null ? null : times(chosen);
  const days = from === to ? (from ?? "") : `${from} – ${to}`;
  return (
    <>
      <p class={styles.note}>{say(TEXTS.datesHint)}</p>
      <div class={styles.spans}>
        <button type="button" aria-label={say(TEXTS.monthBefore)} onClick={() => setMonth(nextMonth(month, -1))}>
          ‹
        </button>
        <b role="status">{month}</b>
        <button type="button" aria-label={say(TEXTS.monthAfter)} onClick={() => setMonth(nextMonth(month, 1))}>
          ›
        </button>
      </div>
      <fieldset class={styles.texts} aria-label={month}>
        <div class={styles.month}>
          {DAY_NAMES.map((name, day) => (
            <span key={day}>{say(name)}</span>
          ))}
          {weeksOf(month).flatMap((week, number) =>
            week.map((date, day) => {
              if (date === null) return <span key={`${number}-${day}`} />;
              const said = timesOn(special, date);
              const word = said === null ? date : `${date} ${said === "closed" ? say(TEXTS.closed) : said}`;
              return (
                <button
                  key={date}
                  type="button"
                  aria-label={`${Number(date.slice(8))} · ${word}`}
                  title={word}
                  aria-pressed={from !== null && to !== null && from <= date && date <= to}
                  data-date={date}
                  data-times={said === null ? undefined : said === "closed" ? "closed" : "open"}
                  onClick={() => choose(date)}
                >
                  {Number(date.slice(8))}
                </button>
              );
            }),
          )}
        </div>
      </fieldset>
      {from !== null && (
        <div class={styles.spans} data-chosen-days={days}>
          <b>{days}</b>
          <button type="button" aria-pressed={chosen === "closed"} onClick={() => set("closed")}>
            {say(TEXTS.closed)}
          </button>
          <button type="button" aria-pressed={spans !== null && spans.length > 0} onClick={() => set(written(USUAL))}>
            {say(TEXTS.otherTimes)}
          </button>
          <button type="button" aria-pressed={chosen === null} onClick={() => set(null)}>
            {say(TEXTS.asAlways)}
          </button>
          {spans !== null && spans.length > 0 && (
            <Spans day={days} spans={spans} onSpans={(now) => set(written(now))} />
          )}
        </div>
      )}
      <Wrong place={{ file: FILE, path }} />
    </>
  );
}
