import type { PartProps } from "./HeatMap";
import styles from "./Reports.module.css";
import { figure, label, share } from "./values";

/** Of the picture, in its own units. */
const HIGH = 100;

/** Words below it at most. */
const MOST_MARKS = 12;

/** Columns along the time. The table below it has the same in words. */
export function Columns({ drawing, part, of, naming, words }: PartProps) {
  const { across, columns, most } = drawing;
  const { language } = naming.speaker;
  const [line] = part.lines;
  if (line === undefined) return null;
  const high = (value: number | null) => HIGH * share(value, of.unit, most);
  const step = Math.ceil(columns.length / MOST_MARKS);
  return (
    <figure class={styles.columns}>
      <div class={styles.top}>{figure(of.unit === "percent" ? 100 : most, of.unit, language)}</div>
      <svg viewBox={`0 0 ${columns.length} ${HIGH}`} preserveAspectRatio="none" role="img" aria-label={words}>
        <path
          class={styles.ground}
          d={`M0 0h${columns.length}M0 ${HIGH / 2}h${columns.length}M0 ${HIGH}h${columns.length}`}
        />
        {columns.map((column, at) => (
          <g key={column}>
            <title>{[label(across, column, naming), figure(line.values[at], of.unit, language)].join(" · ")}</title>
            <rect class={styles.hover} x={at} y={0} width={1} height={HIGH} />
            <rect
              class={styles.column}
              x={at + 0.1}
              width={0.8}
              y={HIGH - high(line.values[at] ?? null)}
              height={high(line.values[at] ?? null)}
            />
          </g>
        ))}
        {line.before && (
          <path
            class={styles.before}
            d={line.before
              .map((value, at) => (value ? `M${at + 0.02} ${HIGH}v${-high(value)}h0.96v${high(value)}` : ""))
              .join("")}
          />
        )}
      </svg>
      <div class={styles.marks} aria-hidden="true">
        {columns.map(
          (column, at) =>
            at % step === 0 && (
              <span key={column} style={{ left: `${(100 * at) / columns.length}%` }}>
                {label(across, column, naming, true)}
              </span>
            ),
        )}
      </div>
    </figure>
  );
}
