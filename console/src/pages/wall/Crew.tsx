import { memo } from "../../frame/memo";
import { StateMark } from "../../states/StateMark";
import { type Counts, counted, LOOKS, SHOWN } from "../../states/states";
import { useSpeaker } from "../../texts/language";
import type { Level } from "./attention";
import styles from "./Crew.module.css";
import { Figure } from "./Figure";
import { TEXTS } from "./texts";

/** Who could take the next call of a queue: at once, and once relaxing brings them. `level`: somebody waits, and nobody
 *  could. The numbers of a tile that change most are drawn only when one of them is another one. */
export const Free = memo(({ now, later, level }: { now: number; later: number; level: Level }) => {
  const { say } = useSpeaker();
  if (level > 0) {
    return (
      <p class={styles.free}>
        <Figure level={level}>{say(level === 2 ? TEXTS.nobodyWorks : TEXTS.nobodyFree)}</Figure>
      </p>
    );
  }
  return (
    <p class={styles.free} data-none={now === 0} title={say(TEXTS.freeMeans)}>
      <StateMark state="ready" word={false} /> {say(TEXTS.freeNow, { count: now })}
      {later > 0 && <span> · {say(TEXTS.freeLater, { count: later })}</span>}
    </p>
  );
});

/** The states of a queue's agents who are not free. */
const AT_WORK = SHOWN.filter((state) => state !== "ready" && LOOKS[state].signedIn);

/** The queue's own agents who are not free, each state by its own mark. A state without agents keeps an empty place. */
export const AtWork = memo((counts: Counts) => {
  const { say } = useSpeaker();
  return (
    <ul class={styles.work} title={say(TEXTS.workMeans)}>
      {AT_WORK.map((state) => (
        <li key={state} data-none={counted(counts, state) === 0} title={say(LOOKS[state].word)}>
          <p>
            <StateMark state={state} word={false} /> {counted(counts, state)}
          </p>
        </li>
      ))}
    </ul>
  );
});
