import { useState } from "preact/hooks";
import type { CountryOut } from "../../../../api/schema";
import { useSpeaker } from "../../../../texts/language";
import { listed } from "../../../../texts/words";
import styles from "../Forms.module.css";
import { Group, TextField, Wrong } from "../fields";
import { type Chosen, daysChosen, Month } from "../Month";
import { useNamed } from "../names";
import { TEXTS as SHARED } from "../texts";
import { useFormsHere } from "../useForms";
import { at, entries, items, type Path, text } from "../value";
import { type FormProps, New, Which } from "../Which";
import { type Kind, kindOf, LISTS, type List, runs, withKind } from "./days";
import { TEXTS } from "./texts";

const FILE = "hotline.yaml";
const SECTION = "calendars";
export const CHINA = "CN";

const KINDS = {
  off: TEXTS.dayOff,
  working: TEXTS.dayWorked,
  holiday: TEXTS.holidayKnown,
  makeup: TEXTS.makeupKnown,
  weekend: TEXTS.weekend,
} as const;

/** Calendars: which days are off and which are worked, by the country's list and by one's own. */
export function Holidays({ name, onName }: FormProps) {
  const { say } = useSpeaker();
  const { apply } = useFormsHere();
  const calendars = useNamed(SECTION);
  const [making, setMaking] = useState(false);
  const [shown = ""] = calendars.find(([each]) => each === name) ?? calendars[0] ?? [];
  const make = async (made: string, _: unknown, country: string) => {
    const value = country === "" ? { off: [] } : { country };
    const done = await apply({ do: "set", file: FILE, path: [SECTION, made], value });
    if (done) onName(made);
    return done;
  };
  return (
    <>
      {calendars.length === 0 && !making && <p class={styles.note}>{say(TEXTS.noCalendar)}</p>}
      <Which
        label={say(TEXTS.whichCalendar)}
        choices={calendars}
        shown={shown}
        onShow={onName}
        add={say(TEXTS.newCalendar)}
        onAdd={() => setMaking(true)}
      />
      {making && (
        <New
          title={say(TEXTS.newCalendar)}
          taken={calendars.map(([each]) => each)}
          otherwise="working-days"
          unnamed
          also={{ label: say(TEXTS.country), hint: say(TEXTS.countryHint), first: CHINA }}
          onMake={make}
          onClose={() => setMaking(false)}
        />
      )}
      {shown !== "" && !making && <Days key={shown} name={shown} />}
    </>
  );
}

function Days({ name }: { name: string }) {
  const { say, language } = useSpeaker();
  const { values, found, apply } = useFormsHere();
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const path = [SECTION, name];
  const calendar = at(values[FILE], ...path);
  const country = found?.countries[text(at(calendar, "country"))];
  const by = Object.entries(entries(at(values[FILE], "opening_hours")))
    .filter(([, hours]) => at(hours, "calendar") === name)
    .map(([hours]) => hours);
  const look = (date: string) => {
    const kind = kindOf(calendar, country, date);
    return kind === null ? null : { word: say(KINDS[kind]), mark: kind };
  };
  const set = ({ from, to }: Chosen, list: List | null) => {
    setChosen({ from, to, done: true });
    const edits = withKind(path, calendar, from, to, list);
    if (edits.length > 0) void apply(...edits);
  };
  return (
    <div data-place={`${SECTION}/${name}`}>
      <p class={styles.note}>
        {by.length === 0 ? say(TEXTS.unusedCalendar) : say(SHARED.used, { by: listed(by, language) })}
      </p>
      <Group title={say(TEXTS.days)}>
        <Month
          chosen={chosen}
          onChosen={setChosen}
          hint={say(TEXTS.daysHint)}
          look={look}
          below={(month) =>
            country !== undefined && (
              <Known country={country} china={at(calendar, "country") === CHINA} year={month.slice(0, 4)} />
            )
          }
        />
        {chosen !== null && (
          <Choice chosen={chosen} kind={kindOf(calendar, country, chosen.from)} onSet={(list) => set(chosen, list)} />
        )}
        <Own path={path} />
      </Group>
      <Group title={say(TEXTS.calendarWhole)}>
        <div class={styles.beside}>
          <TextField file={FILE} path={[...path, "country"]} label={say(TEXTS.country)} hint={say(TEXTS.countryHint)} />
          <TextField
            file={FILE}
            path={[...path, "until"]}
            number
            label={say(TEXTS.until)}
            hint={say(TEXTS.untilHint)}
          />
        </div>
        <Wrong place={{ file: FILE, path }} itself />
      </Group>
    </div>
  );
}

/** What is known of the country in a year: in China the State Council's list. */
function Known({ country, china, year }: { country: CountryOut; china: boolean; year: string }) {
  const { say, language } = useSpeaker();
  const unknown = country.until !== null && country.until.slice(0, 4) < year;
  const list = (dates: readonly string[]) => listed(runs(dates, year), language) || say(TEXTS.noDays);
  if (unknown) return <p class={styles.note}>{say(china ? TEXTS.notYetChina : TEXTS.notYet, { year })}</p>;
  return (
    <p class={styles.note} data-known={year}>
      {say(china ? TEXTS.council : TEXTS.holidaysOf, { year, days: list(country.holidays) })}
      {country.makeup.length > 0 && ` ${say(TEXTS.makeupOf, { days: list(country.makeup) })}`}
    </p>
  );
}

interface ChoiceProps {
  readonly chosen: Chosen;
  readonly kind: Kind;
  readonly onSet: (list: List | null) => void;
}

/** What the chosen days are. */
function Choice({ chosen, kind, onSet }: ChoiceProps) {
  const { say } = useSpeaker();
  const days = daysChosen(chosen);
  const choices = [
    ["off", TEXTS.dayOff],
    ["working", TEXTS.dayWorked],
    [null, TEXTS.noOwnDay],
  ] as const;
  return (
    <div class={styles.spans} data-chosen-days={days}>
      <b>{days}</b>
      {choices.map(([list, word]) => (
        <button
          key={word.en}
          type="button"
          aria-pressed={list === (kind === "off" || kind === "working" ? kind : null)}
          onClick={() => onSet(list)}
        >
          {say(word)}
        </button>
      ))}
    </div>
  );
}

/** The calendar's own days, as the file has them. */
function Own({ path }: { path: Path }) {
  const { say, language } = useSpeaker();
  const { values } = useFormsHere();
  const of = (list: List) => items(at(values[FILE], ...path, list)).map(text);
  return (
    <>
      <p class={styles.note} data-own>
        {LISTS.filter((list) => of(list).length > 0)
          .map((list) => say(list === "off" ? TEXTS.ownOff : TEXTS.ownWorking, { days: listed(of(list), language) }))
          .join(" ")}
      </p>
      {LISTS.map((list) => (
        <Wrong key={list} place={{ file: FILE, path: [...path, list] }} />
      ))}
    </>
  );
}
