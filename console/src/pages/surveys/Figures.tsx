import type { QueueSurveysOut } from "../../api/schema";
import sheet from "../../frame/Sheet.module.css";
import { TableHead } from "../../frame/TableHead";
import { useSpeaker } from "../../texts/language";
import type { Text } from "../../texts/texts";
import { NOTHING } from "../../time/format";
import styles from "./Figures.module.css";
import { TEXTS } from "./texts";

type Row = Omit<QueueSurveysOut, "queue"> & { key: string; names: readonly string[] };

const WHY: readonly (readonly [string, Text])[] = [
  ["caller-hung-up", TEXTS.hungUp],
  ["transferred", TEXTS.transferred],
  ["lost", TEXTS.lost],
  ["asked-recently", TEXTS.recently],
  ["not-chosen", TEXTS.share],
];

const COLUMNS = [TEXTS.offered, TEXTS.begun, TEXTS.complete, TEXTS.answers, TEXTS.notAsked] as const;

export interface FiguresProps {
  title: Text;
  /** The columns that say whose figures a row has. */
  who: readonly Text[];
  rows: readonly Row[];
}

/** A table of figures. */
export function Figures({ title, who, rows }: FiguresProps) {
  const { say } = useSpeaker();
  return (
    <section aria-label={say(title)}>
      <div class={sheet.bar}>
        <h2>{say(title)}</h2>
      </div>
      <div class={sheet.room}>
        <table class={sheet.table}>
          <TableHead columns={[...who, ...COLUMNS]} />
          <tbody>
            {rows.map((row) => (
              <tr key={row.key} data-survey={row.key}>
                {row.names.map((name, place) =>
                  place === 0 ? (
                    <th key={place} scope="row">
                      {name}
                    </th>
                  ) : (
                    <td key={place}>{name}</td>
                  ),
                )}
                <td>{row.offered}</td>
                <td>{row.begun}</td>
                <td>{row.complete}</td>
                <td>
                  {row.questions.length === 0 && NOTHING}
                  <ol class={styles.questions}>
                    {row.questions.map((question, place) => (
                      <li key={place}>
                        <strong>{question.mean?.toFixed(1) ?? NOTHING}</strong>{" "}
                        <span class={sheet.quiet}>
                          {Object.entries(question.keys)
                            .map(([key, count]) => say(TEXTS.keys, { key, count }))
                            .join(" · ")}
                        </span>
                      </li>
                    ))}
                  </ol>
                </td>
                <td>
                  {Object.values(row.not_asked).reduce((sum, count) => sum + count, 0)}{" "}
                  <span class={sheet.quiet}>
                    {WHY.filter(([why]) => why in row.not_asked)
                      .map(([why, text]) => say(text, { count: row.not_asked[why] ?? 0 }))
                      .join(" · ")}
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
