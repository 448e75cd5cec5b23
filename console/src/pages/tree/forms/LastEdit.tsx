import type { PlaceInFile } from "../../../api/schema";
import { useSpeaker } from "../../../texts/language";
import { listed } from "../../../texts/words";
import styles from "./Forms.module.css";
import { changedLines } from "./lines";
import { TEXTS } from "./texts";
import type { Done } from "./useForms";

/** So many lines are shown of each side. */
const MOST = 30;

/** What the last edit changed in the text, and where else it counts. */
export function LastEdit({ done, also }: { done: readonly Done[] | null; also: readonly PlaceInFile[] }) {
  const { say, language } = useSpeaker();
  if (done === null) return <p class={styles.note}>{say(TEXTS.intro)}</p>;
  return (
    <section aria-label={say(TEXTS.lastEdit)} data-last>
      {also.length > 0 && (
        <p class={styles.note} data-also>
          {say(TEXTS.also, {
            places: listed(
              also.map(({ path }) => path.join("/")),
              language,
            ),
          })}
        </p>
      )}
      {done.map(({ file, before, after }) => {
        const lines = changedLines(before, after);
        if (lines === null) return null;
        return (
          <div key={file}>
            <h3>{say(TEXTS.changedIn, { file, line: lines.line })}</h3>
            <pre class={styles.diff} data-diff={file}>
              {lines.gone.slice(0, MOST).map((line, index) => (
                <del key={index}>− {line}</del>
              ))}
              {lines.come.slice(0, MOST).map((line, index) => (
                <ins key={index}>+ {line}</ins>
              ))}
            </pre>
          </div>
        );
      })}
    </section>
  );
}
