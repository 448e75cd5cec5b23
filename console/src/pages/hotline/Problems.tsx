import type { ProblemOut } from "../../api/schema";
import sheet from "../../frame/Sheet.module.css";
import { useSpeaker } from "../../texts/language";
import styles from "./Hotline.module.css";
import { TEXTS } from "./texts";

/** What is wrong with the folder, and where. The sentences are those of `check`, in the language of the page. */
export function Problems({ problems }: { problems: readonly ProblemOut[] }) {
  const { say } = useSpeaker();
  return (
    <div class={sheet.room}>
      <table class={sheet.table}>
        <thead>
          <tr>
            <th scope="col">{say(TEXTS.level)}</th>
            <th scope="col">{say(TEXTS.where)}</th>
            <th scope="col">{say(TEXTS.what)}</th>
          </tr>
        </thead>
        <tbody>
          {problems.map((problem, place) => (
            <tr key={place} data-problem={problem.code}>
              <td class={styles.level} data-level={problem.level}>
                <svg viewBox="0 0 16 16" aria-hidden="true">
                  <path
                    d="M8 2 15 14H1z"
                    fill={problem.level === "error" ? "currentColor" : "none"}
                    stroke="currentColor"
                    stroke-width="2"
                  />
                </svg>
                {say(problem.level === "error" ? TEXTS.error : TEXTS.warning)}
              </td>
              <td class={styles.place}>
                {say(TEXTS.place, { file: problem.file, line: problem.line, column: problem.column })}
              </td>
              <td class={styles.what}>
                {problem.message}
                <p class={sheet.quiet}>{problem.hint}</p>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
