import { memo } from "../../frame/memo";
import { StateMark } from "../../states/StateMark";
import { LOOKS, type Shown } from "../../states/states";
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

interface WorkProps {
  readonly ringing: number;
  readonly onCall: number;
  readonly wrapUp: number;
  readonly notReady: number;
  readonly unreachable: number;
}

/** The queue's own agents who are not free, each state by its own mark. A state without agents keeps an empty place. */
export const AtWork = memo((counts: WorkProps) => {
  const { say } = useSpeaker();
  const shown: readonly (readonly [Shown, number])[] = [
    ["ringing", counts.ringing],
    ["on-call", counts.onCall],
    ["wrap-up", counts.wrapUp],
    ["not-ready", counts.notReady],
    ["unreachable", counts.unreachable],
  ];
  return (
    <ul class={styles.work} title={say(TEXTS.workMeans)}>
      {shown.map(([state, count]) => (
        <li key={state} data-none={count === 0} title={say(LOOKS[state].word)}>
          <p>
            <StateMark state={state} word={false} /> {count}
          </p>
        </li>
      ))}
    </ul>
  );
});
