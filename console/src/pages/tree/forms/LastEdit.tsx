import type { PathInFile } from "../../../api/schema";
import { useSpeaker } from "../../../texts/language";
import { listed } from "../../../texts/words";
import styles from "./Forms.module.css";
import { changedLines } from "./lines";
import { TEXTS } from "./texts";
import type { Done } from "./useForms";

/** So many lines are shown of each side of a place. */
const MOST = 30;

/** What the last edit changed in the text, and where else it counts. */
export function LastEdit({ done, also }: { done: readonly Done[] | null; also: readonly PathInFile[] }) {
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
      {done.map(({ file, before, after }) =>
        changedLines(before, after).map(({ line, gone, come }) => (
          <div key={`${file} ${line}`}>
            <h3>{say(TEXTS.changedIn, { file, line })}</h3>
            <pre class={styles.diff} data-diff={file}>
              {gone.slice(0, MOST).map((text, index) => (
                <del key={index}>− {text}</del>
              ))}
              {come.slice(0, MOST).map((text, index) => (
                <ins key={index}>+ {text}</ins>
              ))}
            </pre>
          </div>
        )),
      )}
    </section>
  );
}
