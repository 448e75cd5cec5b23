import sheet from "../../frame/Sheet.module.css";
import { useSpeaker } from "../../texts/language";
import type { Text } from "../../texts/texts";
import styles from "./Health.module.css";
import { inOrder, type Level, type Row } from "./looks/rows";
import { TEXTS } from "./texts";

const WORDS = { 0: TEXTS.fine, 1: TEXTS.odd, 2: TEXTS.wrong } as const;

/** What was looked at, the worst first: a sign and a word, what it is, what to do. */
export function Rows({ rows, label }: { rows: readonly Row[]; label: string }) {
  const { say } = useSpeaker();
  const measured = rows.some(({ value }) => value !== "");
  return (
    <div class={sheet.room}>
      <table class={sheet.table} aria-label={label}>
        <thead class="spoken">
          <tr>
            <th scope="col">{say(TEXTS.state)}</th>
            <th scope="col">{say(TEXTS.thing)}</th>
            {measured && <th scope="col">{say(TEXTS.value)}</th>}
            <th scope="col">{say(TEXTS.todo)}</th>
          </tr>
        </thead>
        <tbody>
          {inOrder(rows).map((row) => {
            const what = typeof row.what === "string" ? row.what : say(row.what);
            return (
              <tr key={what} data-level={row.level}>
                <td class={styles.state}>
                  <Mark level={row.level} />
                </td>
                <th scope="row" class={styles.what}>
                  {what}
                </th>
                {measured && <td class={styles.value}>{row.value}</td>}
                <td class={styles.remedy}>
                  {row.remedy !== null && <p>{say(row.remedy)}</p>}
                  {row.said && <Said said={row.said} />}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Said({ said }: { said: Text | string }) {
  const { say } = useSpeaker();
  return <p class={sheet.quiet}>{typeof said === "string" ? said : say(said)}</p>;
}

/** A colour, a shape and a word. */
export function Mark({ level }: { level: Level }) {
  const { say } = useSpeaker();
  return (
    <span class={styles.mark} data-level={level}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        {level === 0 ? (
          <path d="m3 8.5 3.5 3.5L13 4.5" fill="none" stroke="currentColor" stroke-width="2" />
        ) : (
          <path d="M8 2 15 14H1z" fill={level === 2 ? "currentColor" : "none"} stroke="currentColor" stroke-width="2" />
        )}
      </svg>
      {say(WORDS[level])}
    </span>
  );
}
