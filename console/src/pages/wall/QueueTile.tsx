import type { LastHourOut } from "../../api/schema";
import { memo } from "../../frame/memo";
import { longestWait, type Queue } from "../../live/board";
import { StateMark } from "../../states/StateMark";
import type { Shown } from "../../states/states";
import { useSpeaker } from "../../texts/language";
import { named, type Text } from "../../texts/texts";
import { useNow } from "../../time/clock";
import { duration, NOTHING, percent } from "../../time/format";
import { TEXTS as CALLERS } from "./callers/texts";
import { Figure } from "./Figure";
import styles from "./QueueTile.module.css";
import { Spark } from "./spark/Spark";
import { TEXTS } from "./texts";
import { crewLevel, serviceLevel, waitLevel } from "./thresholds";

export interface TileProps {
  queue: Queue;
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
export const QueueTile = memo(({ queue, hour, onOpen, open = false, tabbed = false }: TileProps) => {
  const { say, language } = useSpeaker();
  const { agents, service_level: aim } = queue;
  const crew = crewLevel(queue.waiting, agents);
  const aimed = say(TEXTS.aim, { within: aim.within_s, percent: percent(aim.target_percent) });
  return (
    <li
      class={styles.tile}
      data-waiting={queue.waiting > 0}
      data-queue={queue.id}
      data-open={open}
      data-opening={onOpen !== undefined}
    >
      <div class={styles.inside}>
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
        </p>
        <p class={styles.longest}>{queue.waiting > 0 && <Longest queue={queue} />}</p>
        <dl class={styles.figures}>
          <div>
            <dt>{say(TEXTS.serviceLevel)}</dt>
            <dd>
              <Figure level={serviceLevel(aim.percent, aim.target_percent)}>{percent(aim.percent)}</Figure>
            </dd>
          </div>
          <div>
            <dt>{say(TEXTS.estimate)}</dt>
            <dd>{queue.estimate_s === null ? NOTHING : duration(queue.estimate_s)}</dd>
          </div>
        </dl>
        <p class={styles.day} title={say(TEXTS.todayMeans)}>
          {say(TEXTS.today, { answered: queue.answered, abandoned: queue.abandoned })}
        </p>
        {hour !== null && (
          <div class={styles.hour}>
            <Spark hour={hour} waiting={queue.waiting} />
          </div>
        )}
        <Crew
          free={agents.ready}
          busy={agents.ringing + agents.on_call + agents.wrap_up}
          away={agents.not_ready}
          unreachable={agents.unreachable}
        />
        <p class={styles.alone}>
          {crew > 0 && <Figure level={crew}>{say(crew === 2 ? TEXTS.nobodyWorks : TEXTS.nobodyFree)}</Figure>}
        </p>
      </div>
    </li>
  );
});

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

interface CrewProps {
  readonly free: number;
  readonly busy: number;
  readonly away: number;
  readonly unreachable: number;
}

/** The numbers of a tile that change most, drawn only when one of them is another one. */
const Crew = memo(({ free, busy, away, unreachable }: CrewProps) => {
  const { say } = useSpeaker();
  const groups: readonly (readonly [Shown, Text, number])[] = [
    ["ready", TEXTS.free, free],
    ["on-call", TEXTS.busy, busy],
    ["not-ready", TEXTS.away, away],
    ["unreachable", TEXTS.unreachable, unreachable],
  ];
  return (
    <ul class={styles.crew}>
      {groups.map(([state, word, count]) => (
        <li key={state} data-none={count === 0} title={say(word)}>
          <p>
            <StateMark state={state} word={false} /> {count}
          </p>
        </li>
      ))}
    </ul>
  );
});
