import type { LastHourOut } from "../../api/schema";
import { memo } from "../../frame/memo";
import { longestWait, type Queue } from "../../live/board";
import { useSpeaker } from "../../texts/language";
import { named } from "../../texts/texts";
import { useNow } from "../../time/clock";
import { duration, NOTHING, percent } from "../../time/format";
import { AtWork, Free } from "./Crew";
import { TEXTS as CALLERS } from "./callers/texts";
import { Figure } from "./Figure";
import type { Detail } from "./fit";
import styles from "./QueueTile.module.css";
import { Spark } from "./spark/Spark";
import { TEXTS } from "./texts";
import { crewLevel, FEW_CALLS, serviceLevel, waitLevel } from "./thresholds";

export interface TileProps {
  queue: Queue;
  /** How much of it there is room for. */
  detail: Detail;
  /** Of each minute of the last hour, how many waited; null: there is no room for it. */
  hour: LastHourOut["waiting"] | null | undefined;
  /** Shows who waits; left out: the person may not see it, or nobody sits there. */
  onOpen?: ((queue: string) => void) | undefined;
  /** Whether that is shown. */
  open?: boolean;
  /** Whether Tab leads here. */
  tabbed?: boolean;
}

/** One queue: who waits and how long, how it does by its own aim, who serves it. */
export const QueueTile = memo(({ queue, detail, hour, onOpen, open = false, tabbed = false }: TileProps) => {
  const { say, language } = useSpeaker();
  const { agents, agents_now: own, service_level: aim } = queue;
  const aimed = say(TEXTS.aim, { within: aim.within_s, percent: percent(aim.target_percent) });
  return (
    <li
      class={styles.tile}
      data-waiting={queue.waiting > 0}
      data-queue={queue.id}
      data-open={open}
      data-opening={onOpen !== undefined}
    >
      <div class={styles.inside} data-detail={detail}>
        <h3 title={aimed}>
          {onOpen ? (
            <button
              type="button"
              class={styles.opens}
              data-plain
              data-opens={queue.id}
              aria-expanded={open}
              aria-description={say(CALLERS.open)}
              tabIndex={tabbed ? 0 : -1}
              onClick={() => onOpen(queue.id)}
            >
              {named(queue.name, language)}
            </button>
          ) : (
            named(queue.name, language)
          )}
        </h3>
        <p class={styles.waiting}>
          <strong>{queue.waiting}</strong> <span>{say(TEXTS.waiting)}</span>
          {queue.callbacks > 0 && <span data-callbacks> · {say(TEXTS.callbacks, { count: queue.callbacks })}</span>}
        </p>
        <p class={styles.longest}>{queue.waiting > 0 && <Longest queue={queue} />}</p>
        {detail >= 1 && (
          <dl class={styles.figures}>
            <div>
              <dt>{say(TEXTS.serviceLevel)}</dt>
              <dd data-quiet={aim.percent === null}>
                <Figure level={serviceLevel(aim.percent, aim.target_percent)}>{percent(aim.percent)}</Figure>
              </dd>
            </div>
            {detail >= 2 && <Estimate queue={queue} />}
          </dl>
        )}
        {detail >= 2 && (
          <p class={styles.day} title={say(TEXTS.todayMeans)}>
            {say(TEXTS.today, { answered: queue.answered, abandoned: queue.abandoned })}
          </p>
        )}
        {hour !== null && (
          <div class={styles.hour}>
            <Spark hour={hour} waiting={queue.waiting} />
          </div>
        )}
        <Free now={own.ready} later={agents.ready - own.ready} level={crewLevel(queue.waiting, agents)} />
        {detail >= 2 && <AtWork {...own} />}
      </div>
    </li>
  );
});

/** What somebody who calls now may expect: a figure only where calls have taught it. */
function Estimate({ queue }: { queue: Queue }) {
  const { say } = useSpeaker();
  const { estimate_s: seconds, estimate_calls: calls } = queue;
  const plain = seconds !== null && seconds > 0;
  return (
    <div>
      <dt>{say(TEXTS.estimate)}</dt>
      {plain && calls < FEW_CALLS ? (
        <dd data-quiet title={say(TEXTS.fewCallsMeans, { count: calls })}>
          {say(TEXTS.fewCalls)}
        </dd>
      ) : (
        <dd data-quiet={!plain}>{seconds === null ? NOTHING : plain ? duration(seconds) : say(TEXTS.atOnce)}</dd>
      )}
    </div>
  );
}

/** How long the longest waiting waits; counts by itself. */
function Longest({ queue }: { queue: Queue }) {
  const { say } = useSpeaker();
  const longest = longestWait(queue, useNow());
  return (
    <>
      <Figure level={waitLevel(longest, queue.service_level.within_s)}>{duration(longest)}</Figure>
      <span class="spoken">{say(TEXTS.longest)}</span>
    </>
  );
}
