import type { ComponentChildren } from "preact";
import { type Agent, type Board, longestWait, type Queue } from "../../live/board";
import { StateMark } from "../../states/StateMark";
import { LOOKS, SHOWN, type Shown, shown } from "../../states/states";
import { useSpeaker } from "../../texts/language";
import { named } from "../../texts/texts";
import { useNow } from "../../time/clock";
import { duration } from "../../time/format";
import { Figure } from "./Figure";
import styles from "./Summary.module.css";
import { TEXTS } from "./texts";
import { waitLevel } from "./thresholds";

const COUNTED = SHOWN.filter((state) => LOOKS[state].signedIn);

/** Goes to the big screen and back. */
export const BIG_KEY = "b";

interface Props {
  board: Board;
  big: boolean;
  onBig: () => void;
  children?: ComponentChildren;
}

/** All queues and agents in one line. `children`: what else can be done there. */
export function Summary({ board, big, onBig, children }: Props) {
  const { say, language } = useSpeaker();
  const now = useNow();
  const queues = [...board.queues.values()];
  const waiting = queues.reduce((sum, queue) => sum + queue.waiting, 0);
  const worst = longestOf(queues, now);
  return (
    <section class={styles.summary} aria-label={say(TEXTS.summary)}>
      <p>
        <strong data-figure="waiting">{waiting}</strong> <span>{say(TEXTS.waiting)}</span>
      </p>
      <p class={styles.longest}>
        <strong>
          {worst ? (
            <Figure level={waitLevel(longestWait(worst, now), worst.service_level.within_s)}>
              {duration(longestWait(worst, now))}
            </Figure>
          ) : (
            duration(0)
          )}
        </strong>{" "}
        <span>{worst ? say(TEXTS.longestIn, { queue: named(worst.name, language) }) : say(TEXTS.longest)}</span>
      </p>
      {board.agents.size > 0 && <Counts agents={[...board.agents.values()]} />}
      {children}
      <button
        type="button"
        class={styles.big}
        data-plain={big || undefined}
        onClick={onBig}
        aria-keyshortcuts={BIG_KEY}
      >
        {say(big ? TEXTS.leaveBig : TEXTS.bigScreen)} <kbd>{BIG_KEY.toUpperCase()}</kbd>
      </button>
    </section>
  );
}

function Counts({ agents }: { agents: readonly Agent[] }) {
  const counts = new Map<Shown, number>();
  for (const agent of agents) counts.set(shown(agent), (counts.get(shown(agent)) ?? 0) + 1);
  return (
    <ul class={styles.counts}>
      {COUNTED.map((state) => (
        <li key={state} data-none={!counts.get(state)}>
          <StateMark state={state} /> <b>{counts.get(state) ?? 0}</b>
        </li>
      ))}
    </ul>
  );
}

function longestOf(queues: readonly Queue[], now: number): Queue | null {
  const waiting = queues.filter((queue) => queue.waiting > 0);
  return waiting.reduce<Queue | null>(
    (worst, queue) => (worst === null || longestWait(queue, now) > longestWait(worst, now) ? queue : worst),
    null,
  );
}
