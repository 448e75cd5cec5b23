import { useState } from "preact/hooks";
import { useSpeaker } from "../../../texts/language";
import styles from "./Forms.module.css";
import { Wrong } from "./fields";
import { Spans } from "./Hours";
import { type Chosen, daysChosen, Month } from "./Month";
import { timesOn, withDays } from "./special";
import { TEXTS } from "./texts";
import { useFormsHere } from "./useForms";
import { at, type Path } from "./value";
import { type Times, times, written } from "./week";

const FILE = "hotline.yaml";
const USUAL: Times = [["09:00", "12:00"]];

/** Single dates with times of their own. */
export function Calendar({ path }: { path: Path }) {
  const { say } = useSpeaker();
  const { values, apply } = useFormsHere();
  const special = at(values[FILE], ...path);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const set = ({ from, to }: Chosen, said: string | null) => {
    setChosen({ from, to, done: true });
    const value = withDays(special, from, to, said);
    void apply(
      Object.keys(value).length > 0 ? { do: "set", file: FILE, path, value } : { do: "remove", file: FILE, path },
    );
  };
  const look = (date: string) => {
    const said = timesOn(special, date);
    if (said === null) return null;
    return said === "closed" ? { word: say(TEXTS.closed), mark: "closed" } : { word: said, mark: "open" };
  };
  return (
    <>
      <Month chosen={chosen} onChosen={setChosen} hint={say(TEXTS.datesHint)} look={look} />
      {chosen !== null && (
        <Day chosen={chosen} said={timesOn(special, chosen.from)} onSet={(said) => set(chosen, said)} />
      )}
      <Wrong place={{ file: FILE, path }} />
    </>
  );
}

/** What the chosen days are. */
function Day({ chosen, said, onSet }: { chosen: Chosen; said: string | null; onSet: (said: string | null) => void }) {
  const { say } = useSpeaker();
  const spans = said === null ? null : times(said);
  const open = spans !== null && spans.length > 0;
  const days = daysChosen(chosen);
  return (
    <div class={styles.spans} data-chosen-days={days}>
      <b>{days}</b>
      <button type="button" aria-pressed={said === "closed"} onClick={() => onSet("closed")}>
        {say(TEXTS.closed)}
      </button>
      <button type="button" aria-pressed={open} onClick={() => onSet(written(USUAL))}>
        {say(TEXTS.otherTimes)}
      </button>
      <button type="button" aria-pressed={said === null} onClick={() => onSet(null)}>
        {say(TEXTS.asAlways)}
      </button>
      {open && <Spans day={days} spans={spans} onSpans={(now) => onSet(written(now))} />}
    </div>
  );
}
