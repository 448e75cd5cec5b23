import type { FigureOut } from "../../api/schema";
import sheet from "../../frame/Sheet.module.css";
import type { Drawing, Part } from "./drawing";
import styles from "./Reports.module.css";
import { figure, label, type Naming, share } from "./values";

export interface PartProps {
  drawing: Drawing;
  part: Part;
  of: FigureOut;
  naming: Naming;
  /** What the drawing is of, in words. */
  words: string;
}

/** A table whose cells have the stronger a colour, the more they have. */
export function HeatMap({ drawing, part, of, naming, words }: PartProps) {
  const { across, columns, down, most } = drawing;
  const { language } = naming.speaker;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it moves sideways, by the keyboard too
    <section class={sheet.room} aria-label={words} tabIndex={0}>
      <table class={`${sheet.table} ${styles.map}`}>
        <thead>
          <tr>
            <td />
            {columns.map((column) => (
              <th key={column} scope="col" abbr={label(across, column, naming)}>
                {label(across, column, naming, true)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {part.lines.map((line) => (
            <tr key={line.label}>
              <th scope="row">{down !== null && label(down, line.label, naming)}</th>
              {line.values.map((value, at) => (
                <td
                  key={columns[at]}
                  style={{ "--share": `${Math.round(100 * share(value, of.unit, most))}%` }}
                  data-some={value !== null && value !== 0}
                >
                  {value === null ? "" : figure(value, of.unit, language)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
