import { useEffect, useState } from "preact/hooks";
import type { ReportOut } from "../../api/schema";
import fields from "../../frame/Field.module.css";
import { useSpeaker } from "../../texts/language";
import type { Text } from "../../texts/texts";
import type { Known } from "../calls/known";
import { type Allowed, APART, type Asked, addressOf, CLOCKS, COMPARED, dimensionsOf, INTERVALS } from "./asked";
import { DIMENSIONS, isNamed } from "./FiguresTable";
import styles from "./Reports.module.css";
import { TEXTS } from "./texts";
import { label, namesOf } from "./values";

const TIMES = {
  "clock-hour": TEXTS.clockHour,
  "clock-weekday": TEXTS.clockWeekday,
  "clock-weekday,hour": TEXTS.clockBoth,
  "15min": TEXTS.quarters,
  hour: TEXTS.hours,
  day: TEXTS.days,
  week: TEXTS.weeks,
  month: TEXTS.months,
  year: TEXTS.years,
} as const;

export interface FiltersProps {
  /** What the address says. */
  asked: Asked;
  reports: readonly ReportOut[];
  may: Allowed;
  known: Known;
  /** Names that the report has. */
  seen: readonly string[];
  onShow: (asked: Asked) => void;
}

/** Which report, of which days, and split by what. */
export function Filters({ asked, reports, may, known, seen, onShow }: FiltersProps) {
  const speaker = useSpeaker();
  const { say, language } = speaker;
  const [wanted, setWanted] = useState(asked);
  const said = addressOf({ ...asked, figure: "", all: "" });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the fields follow the address, but for what is only drawn
  useEffect(() => setWanted(asked), [said]);
  const put = (changed: Partial<Asked>) => setWanted({ ...wanted, ...changed });
  const mine = reports.filter((report) => may.dimensions === null || dimensionsOf(report, may).length > 0);
  const report = mine.find(({ kind }) => kind === wanted.kind);
  const dimensions = report ? dimensionsOf(report, may) : [];
  const names = wanted.by === "" ? [] : namesOf(wanted.by, known.names, known.agents);
  const here = wanted.kind === asked.kind && wanted.by === asked.by ? [...seen, asked.name] : [];
  const choices = [...new Set([...names, ...here])].filter((name) => name !== "");
  const naming = { known, speaker, dimension: wanted.by, every: null };
  return (
    <search>
      <form
        class={styles.filters}
        onSubmit={(event) => {
          event.preventDefault();
          onShow({ ...wanted, figure: asked.kind === wanted.kind ? asked.figure : "", all: asked.all });
        }}
      >
        <Choice
          word={TEXTS.report}
          value={wanted.kind}
          options={mine.map((each) => [each.kind, each.name[language]])}
          onChange={(kind) => {
            const next = mine.find((each) => each.kind === kind);
            if (next) put({ kind: next.kind, by: dimensionsOf(next, may)[0] ?? "", name: "" });
          }}
        />
        <Days asked={wanted} onChange={put} />
        <Choice
          word={TEXTS.by}
          value={wanted.by}
          options={[
            ["", say(TEXTS.nothingSplit)],
            ...dimensions.map((each) => [each, say(isNamed(each) ? DIMENSIONS[each] : TEXTS.by)] as const),
          ]}
          onChange={(by) => put({ by, name: "" })}
        />
        {choices.length > 0 && (
          <Choice
            word={TEXTS.only}
            value={wanted.name}
            options={[["", say(TEXTS.every)], ...choices.map((name) => [name, label("name", name, naming)] as const)]}
            onChange={(name) => put({ name })}
          />
        )}
        <Choice
          word={TEXTS.time}
          value={wanted.time}
          options={[
            ["", say(TEXTS.together)],
            ...[...CLOCKS, ...INTERVALS].map((each) => [each, say(TIMES[each])] as const),
          ]}
          onChange={(time) => put({ time })}
        />
        <Choice
          word={TEXTS.apart}
          value={wanted.apart}
          options={[
            ["", say(TEXTS.notApart)],
            ...APART.map((each) => [each, say(each === "night" ? TEXTS.nights : TEXTS.dayKinds)] as const),
          ]}
          onChange={(apart) => put({ apart })}
        />
        <Compare asked={wanted} onChange={put} />
        <button type="submit" data-primary>
          {say(TEXTS.show)}
        </button>
      </form>
    </search>
  );
}

interface PartProps {
  asked: Asked;
  onChange: (changed: Partial<Asked>) => void;
}

/** The first and the last day. */
export function Days({ asked, onChange }: PartProps) {
  const { say } = useSpeaker();
  return (
    <>
      <label class={fields.field}>
        {say(TEXTS.from)}
        <input
          type="date"
          required
          value={asked.from}
          max={asked.to}
          onInput={({ currentTarget }) => onChange({ from: currentTarget.value })}
        />
      </label>
      <label class={fields.field}>
        {say(TEXTS.to)}
        <input
          type="date"
          required
          value={asked.to}
          min={asked.from}
          onInput={({ currentTarget }) => onChange({ to: currentTarget.value })}
        />
      </label>
    </>
  );
}

/** With which days before. */
export function Compare({ asked, onChange }: PartProps) {
  const { say } = useSpeaker();
  return (
    <Choice
      word={TEXTS.compare}
      value={asked.compare}
      options={[
        ["", say(TEXTS.notCompared)],
        ...COMPARED.map((each) => [each, say(each === "week" ? TEXTS.weekBefore : TEXTS.yearBefore)] as const),
      ]}
      onChange={(compare) => onChange({ compare })}
    />
  );
}

interface ChoiceProps {
  word: Text;
  value: string;
  options: readonly (readonly [value: string, words: string])[];
  onChange: (value: string) => void;
}

export function Choice({ word, value, options, onChange }: ChoiceProps) {
  const { say } = useSpeaker();
  return (
    <label class={fields.field}>
      {say(word)}
      <select value={value} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
        {options.map(([each, words]) => (
          <option key={each} value={each}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}
