import type { Agent, Board, Queue } from "../../../live/board";
import { longestWait } from "../../../live/board";
import { serves } from "../../../states/serving";
import { useSpeaker } from "../../../texts/language";
import { named } from "../../../texts/texts";
import { useNow } from "../../../time/clock";
import { duration } from "../../../time/format";
import styles from "./Idle.module.css";
import { TEXTS } from "./texts";

/** Rows at most; where somebody waits comes first. */
const MOST = 6;

/** The queues that the agent can serve: who waits there, and how many agents are ready. */
export function OwnQueues({ me, board }: { me: Agent; board: Board }) {
  const { say, language } = useSpeaker();
  const now = useNow();
  const own = [...board.queues.values()].filter((queue) => serves(me, queue));
  const rows = [...own].sort((one, other) => Number(other.waiting > 0) - Number(one.waiting > 0)).slice(0, MOST);
  const waits = (queue: Queue) => {
    if (queue.waiting > 0) return say(TEXTS.waits, { count: queue.waiting, time: duration(longestWait(queue, now)) });
    return say(queue.open ? TEXTS.nobody : TEXTS.closed);
  };
  return (
    <section class={styles.part} aria-label={say(TEXTS.queues)}>
      <h2>{say(TEXTS.queues)}</h2>
      {own.length === 0 && <p class={styles.quiet}>{say(TEXTS.noQueues)}</p>}
      <ul class={styles.rows}>
        {rows.map((queue) => (
          <li key={queue.id} data-waits={queue.waiting > 0 || undefined}>
            <span>{named(queue.name, language)}</span>
            <span class={styles.figure}>{waits(queue)}</span>
            <span class={styles.quiet}>{say(TEXTS.ready, { count: queue.agents.ready })}</span>
          </li>
        ))}
      </ul>
      {own.length > MOST && <p class={styles.quiet}>{say(TEXTS.moreQueues, { count: own.length - MOST })}</p>}
    </section>
  );
}
