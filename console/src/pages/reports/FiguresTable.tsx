import { useMemo } from "preact/hooks";
import type { Dimension, FigureOut, FiguresOut, RowOut } from "../../api/schema";
import { followLink } from "../../frame/place";
import sheet from "../../frame/Sheet.module.css";
import type { Text } from "../../texts/texts";
import type { Level } from "../wall/attention";
import { Figure } from "../wall/Figure";
import { About } from "./About";
import { type Axis, axesOf, rowsBefore } from "./drawing";
import styles from "./Reports.module.css";
import { TEXTS } from "./texts";
import { figure, label, type Naming, share } from "./values";

/** Rows that are shown: a year of quarter hours has more than anybody reads, and takes seconds to draw. */
const MOST = 200;

const HEADS: Readonly<Record<Axis, Text>> = {
  name: TEXTS.unnamed, // the dimension says it
  begins: TEXTS.begins,
  hour: TEXTS.hour,
  weekday: TEXTS.weekday,
  day_kind: TEXTS.dayKind,
  night: TEXTS.dayOrNight,
};

export const DIMENSIONS: Readonly<Record<Exclude<Dimension, "hotline">, Text>> = {
  queue: TEXTS.queue,
  agent: TEXTS.agent,
  "sub-hotline": TEXTS.subHotline,
  number: TEXTS.number,
  language: TEXTS.language,
  district: TEXTS.district,
  version: TEXTS.version,
  menu: TEXTS.menu,
  key: TEXTS.key,
  break: TEXTS.break,
  destination: TEXTS.destination,
  scope: TEXTS.scope,
  phone: TEXTS.phone,
  network: TEXTS.network,
};

/** What the names of a report are. */
const nameHead = (dimension: string) => (isNamed(dimension) ? DIMENSIONS[dimension] : HEADS.name);

export const isNamed = (dimension: string): dimension is keyof typeof DIMENSIONS => dimension in DIMENSIONS;

interface TableProps {
  made: FiguresOut;
  figures: readonly FigureOut[];
  /** Of this figure each row has a bar; null: the picture above has them. */
  bar: FigureOut | null;
  naming: Naming;
  /** The address of the same for one name alone. */
  leads: (name: string) => string;
  level?: LevelOf;
}

/** Whether the figure of a row is as it should be; left out: there is no aim. */
export type LevelOf = (row: RowOut, figure: string) => Level;

/** The report in figures; the last row is of all together. */
export function FiguresTable({ made, figures, bar, naming, leads, level }: TableProps) {
  const { say } = naming.speaker;
  const axes = axesOf(made);
  const before = useMemo(() => rowsBefore(made), [made]);
  const most = bar === null ? 0 : Math.max(0, ...made.rows.map((row) => row.figures[bar.id] ?? 0));
  const shown = made.rows.slice(0, MOST);
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it moves sideways, by the keyboard too */}
      <section class={sheet.room} aria-label={say(TEXTS.report)} tabIndex={0}>
        <table class={sheet.table}>
          <thead>
            <tr>
              {axes.map((axis) => (
                <th key={axis} scope="col" class={styles.head}>
                  {say(axis === "name" ? nameHead(naming.dimension) : HEADS[axis])}
                </th>
              ))}
              {axes.length === 0 && <td />}
              {figures.map((one) => (
                <th key={one.id} scope="col" class={styles.figure}>
                  {one.name[naming.speaker.language]}
                  <About of={one} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row, at) => (
              <tr key={at} data-row={row.name ?? at}>
                {axes.map((axis, place) => {
                  const words = label(axis, row[axis], naming);
                  const cell = axis === "name" && row.name ? <Name to={leads(row.name)} words={words} /> : words;
                  return place === 0 ? (
                    <th key={axis} scope="row">
                      {cell}
                    </th>
                  ) : (
                    <td key={axis}>{cell}</td>
                  );
                })}
                {axes.length === 0 && <th scope="row">{say(TEXTS.total)}</th>}
                <Cells
                  row={row}
                  before={before.get(row)?.figures}
                  figures={figures}
                  naming={naming}
                  bar={bar}
                  most={most}
                  level={level && ((figure) => level(row, figure))}
                />
              </tr>
            ))}
          </tbody>
          {axes.length > 0 && (
            <tfoot>
              <tr data-row="total">
                <th scope="row" colSpan={axes.length}>
                  {say(TEXTS.total)}
                </th>
                <Cells row={{ figures: made.total }} before={made.before?.total} figures={figures} naming={naming} />
              </tr>
            </tfoot>
          )}
        </table>
      </section>
      {made.rows.length > MOST && <p class={sheet.quiet}>{say(TEXTS.rest, { count: MOST })}</p>}
    </>
  );
}

function Name({ to, words }: { to: string; words: string }) {
  return (
    <a href={to} onClick={followLink}>
      {words}
    </a>
  );
}

interface CellsProps {
  row: Pick<RowOut, "figures">;
  before: RowOut["figures"] | undefined;
  figures: readonly FigureOut[];
  naming: Naming;
  bar?: FigureOut | null;
  most?: number;
  level?: ((figure: string) => Level) | undefined;
}

function Cells({ row, before, figures, naming, bar = null, most = 0, level }: CellsProps) {
  const { say, language } = naming.speaker;
  return figures.map((one) => {
    const value = row.figures[one.id] ?? null;
    return (
      <td key={one.id} class={styles.figure} data-figure={one.id}>
        <Figure level={level?.(one.id) ?? 0}>{figure(value, one.unit, language)}</Figure>
        {one === bar && (
          <span class={styles.bar} aria-hidden="true" style={{ "--share": `${100 * share(value, one.unit, most)}%` }} />
        )}
        {before && (
          <div class={sheet.quiet}>{say(TEXTS.before, { value: figure(before[one.id], one.unit, language) })}</div>
        )}
      </td>
    );
  });
}
