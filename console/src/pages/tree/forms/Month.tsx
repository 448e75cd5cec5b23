import { useState } from "preact/hooks";
import { useSpeaker } from "../../../texts/language";
import { now } from "../../../time/clock";
import { clock } from "../../../time/zone";
import styles from "./Forms.module.css";
import { nextMonth, weeksOf } from "./special";
import { DAY_NAMES, TEXTS } from "./texts";

/** Days from one to another, both included. `done`: something was made of them, and the next click begins anew. */
export interface Chosen {
  readonly from: string;
  readonly to: string;
  readonly done: boolean;
}

interface MonthProps {
  readonly chosen: Chosen | null;
  readonly onChosen: (chosen: Chosen) => void;
  readonly hint: string;
  /** What a day is, in words, and its mark: how it looks. Null: nothing is said of it. */
  readonly look: (date: string) => { readonly word: string; readonly mark: string } | null;
  /** Below the days of the month that is shown, as 2027-02. */
  readonly below?: (month: string) => preact.ComponentChildren;
}

/** A month to choose days in: one by a click, several by a second click on the last one. */
export function Month({ chosen, onChosen, hint, look, below }: MonthProps) {
  const { say } = useSpeaker();
  const [month, setMonth] = useState(() => clock(now()).slice(0, 7));
  const choose = (date: string) => {
    const more = chosen !== null && !chosen.done && chosen.to === chosen.from && date > chosen.from;
    onChosen({ from: more ? chosen.from : date, to: date, done: false });
  };
  return (
    <>
      <p class={styles.note}>{hint}</p>
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
              const said = look(date);
              const word = said === null ? date : `${date} ${said.word}`;
              return (
                <button
                  key={date}
                  type="button"
                  aria-label={`${Number(date.slice(8))} · ${word}`}
                  title={word}
                  aria-pressed={chosen !== null && chosen.from <= date && date <= chosen.to}
                  data-date={date}
                  data-mark={said?.mark}
                  onClick={() => choose(date)}
                >
                  {Number(date.slice(8))}
                </button>
              );
            }),
          )}
        </div>
      </fieldset>
      {below?.(month)}
    </>
  );
}

/** `2027-02-05`, or with the last day. */
export function daysChosen({ from, to }: Chosen): string {
  return from === to ? from : `${from} – ${to}`;
}
