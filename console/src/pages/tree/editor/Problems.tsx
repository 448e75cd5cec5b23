import { useSpeaker } from "../../../texts/language";
import type { Checked } from "../checked";
import type { Spot } from "../model";
import { TEXTS } from "../texts";
import styles from "./Editor.module.css";

interface ProblemsProps {
  readonly checked: Checked;
  readonly onSpot: (spot: Spot) => void;
}

/** All that `check` says of the draft; a click leads to the line. */
export function Problems({ checked: { found, busy }, onSpot }: ProblemsProps) {
  const { say } = useSpeaker();
  const problems = found?.problems ?? [];
  const errors = problems.filter(({ level }) => level === "error").length;
  const counts = { errors, warnings: problems.length - errors };
  return (
    <section class={styles.problems} aria-label={say(TEXTS.problems)} data-busy={busy}>
      <p role="status" data-level={errors > 0 ? "error" : problems.length > 0 ? "warning" : "none"}>
        {busy || found === null
          ? say(TEXTS.checking)
          : problems.length === 0
            ? say(TEXTS.good)
            : say(TEXTS.counts, counts)}
      </p>
      <ul>
        {problems.map((problem, index) => (
          <li key={index} data-problem={problem.code}>
            <button type="button" data-plain onClick={() => onSpot(problem)}>
              <span class={styles.level} data-level={problem.level}>
                {problem.level === "error" ? "✖" : "▲"} {say(problem.level === "error" ? TEXTS.error : TEXTS.warning)}
              </span>
              <span class={styles.where}>{say(TEXTS.place, { file: problem.file, line: problem.line })}</span>
              <span>
                {problem.message}
                {problem.hint && <span class={styles.fix}> {problem.hint}</span>}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {found !== null && found.more > 0 && <p>{say(TEXTS.more, { count: found.more })}</p>}
    </section>
  );
}
