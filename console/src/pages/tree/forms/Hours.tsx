import { useState } from "preact/hooks";
import { useSpeaker } from "../../../texts/language";
import { listed } from "../../../texts/words";
import { Calendar } from "./Calendar";
import styles from "./Forms.module.css";
import { ChoiceField, Group, Wrong } from "./fields";
import { useNamed } from "./names";
import { DAY_NAMES, TEXTS } from "./texts";
import { useFormsHere } from "./useForms";
import { at, entries, type Path } from "./value";
import { type FormProps, New, Which } from "./Which";
import { DAYS, grouped, type Span, type Times, weekOf } from "./week";

const FILE = "hotline.yaml";
const USUAL: Span = ["09:00", "17:00"];
/** The choice of a calendar that the file does not have yet: China's public holidays. */
const CHINA = "+CN";

/** Opening hours: a week, and its exceptions. */
export function Hours({ name, onName }: FormProps) {
  const { say } = useSpeaker();
  const { apply } = useFormsHere();
  const hours = useNamed("opening_hours");
  const [making, setMaking] = useState(false);
  const [shown = ""] = hours.find(([each]) => each === name) ?? hours[0] ?? [];
  const make = async (made: string) => {
    const value = { week: { "mon-fri": USUAL.join("-") } };
    const done = await apply({ do: "set", file: FILE, path: ["opening_hours", made], value });
    if (done) onName(made);
    return done;
  };
  return (
    <>
      <Which
        label={say(TEXTS.hoursName)}
        choices={hours}
        shown={shown}
        onShow={onName}
        add={say(TEXTS.newHours)}
        onAdd={() => setMaking(true)}
      />
      {making && (
        <New
          title={say(TEXTS.newHours)}
          taken={hours.map(([each]) => each)}
          otherwise="hours"
          unnamed
          onMake={make}
          onClose={() => setMaking(false)}
        />
      )}
      {shown !== "" && !making && (
        <div key={shown} data-place={`opening_hours/${shown}`}>
          <Used name={shown} />
          <Group title={say(TEXTS.week)}>
            <Week path={["opening_hours", shown, "week"]} />
          </Group>
          <Group title={say(TEXTS.holidays)}>
            <Holidays name={shown} />
          </Group>
          <Group title={say(TEXTS.dates)}>
            <Calendar path={["opening_hours", shown, "special"]} />
          </Group>
        </div>
      )}
    </>
  );
}

/** What has these hours. */
function Used({ name }: { name: string }) {
  const { say, language } = useSpeaker();
  const { values } = useFormsHere();
  const queues = useNamed("queues");
  const by = queues.filter(([queue]) => at(values[FILE], "queues", queue, "hours") === name).map(([, word]) => word);
  return (
    <p class={styles.note}>{by.length === 0 ? say(TEXTS.unused) : say(TEXTS.used, { by: listed(by, language) })}</p>
  );
}

function Week({ path }: { path: Path }) {
  const { say } = useSpeaker();
  const { values, apply } = useFormsHere();
  const week = weekOf(at(values[FILE], ...path));
  if (week === null) return <p class={styles.note}>{say(TEXTS.ownWay)}</p>;
  const set = (day: number, spans: Times) => {
    const value = grouped(week.map((each, place) => (place === day ? spans : each)));
    void apply({ do: "set", file: FILE, path, value });
  };
  return (
    <>
      {week.map((spans, day) => (
        <div key={day} class={styles.day} data-day={DAYS[day]} data-open={spans.length > 0}>
          <label>
            <input
              type="checkbox"
              checked={spans.length > 0}
              onChange={({ currentTarget }) => set(day, currentTarget.checked ? [USUAL] : [])}
            />
            {say(DAY_NAMES[day] ?? TEXTS.day)}
          </label>
          <Spans day={say(DAY_NAMES[day] ?? TEXTS.day)} spans={spans} onSpans={(changed) => set(day, changed)} />
        </div>
      ))}
      <Wrong place={{ file: FILE, path }} />
    </>
  );
}

/** The times of a day. A change counts once its field is left. */
export function Spans({ day, spans, onSpans }: { day: string; spans: Times; onSpans: (spans: Times) => void }) {
  const { say } = useSpeaker();
  const change = (place: number, end: 0 | 1, to: string) => {
    if (!/^\d\d:\d\d$/.test(to) || spans[place]?.[end] === to) return;
    onSpans(spans.map((span, each) => (each !== place ? span : end === 0 ? [to, span[1]] : [span[0], to])));
  };
  return (
    <div class={styles.spans}>
      {spans.length === 0 && <span class={styles.note}>{say(TEXTS.closed)}</span>}
      {spans.map((span, place) => (
        <span key={place} class={styles.spans}>
          {([0, 1] as const).map((end) => (
            <input
              key={end}
              type="time"
              aria-label={say(end === 0 ? TEXTS.from : TEXTS.to, { day })}
              value={span[end]}
              onBlur={({ currentTarget }) => change(place, end, currentTarget.value)}
            />
          ))}
          {spans.length > 1 && (
            <button type="button" data-plain onClick={() => onSpans(spans.filter((_, each) => each !== place))}>
              {say(TEXTS.less)}
            </button>
          )}
        </span>
      ))}
      {spans.length === 1 && (
        <button
          type="button"
          data-plain
          aria-label={say(TEXTS.breakOn, { day })}
          onClick={() => onSpans(divided(spans))}
        >
          {say(TEXTS.more)}
        </button>
      )}
    </div>
  );
}

/** A day with a break at noon. */
function divided([span = USUAL]: Times): Times {
  const [from, to] = span;
  return from < "12:00" && to > "13:00"
    ? [
        [from, "12:00"],
        ["13:00", to],
      ]
    : [span, [to, to < "23:00" ? "23:00" : "00:00"]];
}

/** Whether public holidays are closed, and by which calendar. */
function Holidays({ name }: { name: string }) {
  const { say } = useSpeaker();
  const { values, apply } = useFormsHere();
  const calendars = useNamed("calendars");
  const path = ["opening_hours", name, "calendar"];
  const china = Object.values(entries(at(values[FILE], "calendars"))).some((each) => at(each, "country") === "CN");
  const choose = (chosen: string) => {
    const edits = (["calendar", "holidays", "makeup"] as const).map((key) => ({
      do: "remove" as const,
      file: FILE as "hotline.yaml",
      path: ["opening_hours", name, key],
    }));
    if (chosen === "") void apply(...edits);
    else if (chosen !== CHINA) void apply({ do: "set", file: FILE, path, value: chosen });
    else {
      const made = calendars.some(([each]) => each === "working-days") ? "working-days-cn" : "working-days";
      void apply(
        { do: "set", file: FILE, path: ["calendars", made, "country"], value: "CN" },
        { do: "set", file: FILE, path, value: made },
      );
    }
  };
  return (
    <ChoiceField
      file={FILE}
      path={path}
      label={say(TEXTS.calendar)}
      choices={[...calendars, ...(china ? [] : [[CHINA, say(TEXTS.china)] as const])]}
      none={say(TEXTS.noHolidays)}
      onChoose={choose}
      hint={say(TEXTS.calendarHint)}
    />
  );
}
