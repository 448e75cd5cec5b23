import { useCallback, useEffect, useMemo, useState } from "preact/hooks";
import { useKeys } from "../../frame/keys";
import { Notice } from "../../frame/Notice";
import { go, place } from "../../frame/place";
import { useStore } from "../../frame/store";
import { TEXTS as FRAME } from "../../frame/texts";
import type { Agent, Board } from "../../live/board";
import { board, connection, follow, lost } from "../../live/live";
import { has, session } from "../../session/session";
import { useSpeaker } from "../../texts/language";
import { useNow } from "../../time/clock";
import { AgentGrid } from "./AgentGrid";
import { byAttention, need } from "./attention";
import { BigQueues } from "./BigQueues";
import { Filters } from "./Filters";
import { ALL, find } from "./filter";
import { Supervision } from "./listening/Supervision";
import { QueueTile } from "./QueueTile";
import { StateDialog } from "./StateDialog";
import { BIG_KEY, Summary } from "./Summary";
import { TEXTS } from "./texts";
import styles from "./Wall.module.css";

/** Cards below the tiles of a big screen. */
const MOST_CARDS = 10;

/** Queues as tiles and agents by who needs attention; `/wall?big` for a screen that nobody sits at. */
export default function Wall() {
  const { say } = useSpeaker();
  const told = useStore(board);
  const big = useStore(place).query.has("big");
  const isLost = useStore(lost) !== null;
  useEffect(follow, []);
  const toggle = useCallback(() => go(big ? "/wall" : "/wall?big"), [big]);
  useKeys(useMemo(() => ({ [BIG_KEY]: toggle, ...(big ? { escape: toggle } : {}) }), [toggle, big]));
  if (told === null) return <Absent />;
  return (
    <main class={styles.wall} data-big={big} data-lost={isLost}>
      <h1 class="spoken">{say(TEXTS.title)}</h1>
      <Summary board={told} big={big} onBig={toggle} />
      <Supervision board={told} big={big} />
      {big ? (
        <BigQueues queues={[...told.queues.values()]} />
      ) : (
        <section aria-label={say(TEXTS.queues)}>
          <ul class={styles.tiles}>
            {[...told.queues.values()].map((queue) => (
              <QueueTile key={queue.id} queue={queue} />
            ))}
          </ul>
        </section>
      )}
      {told.agents.size > 0 && (big ? <Needing board={told} /> : <Agents board={told} />)}
    </main>
  );
}

/** Nothing was told yet. */
function Absent() {
  const { say } = useSpeaker();
  const { lostSince, status } = useStore(connection);
  if (status === 403) return <Notice>{say(FRAME.failedRights)}</Notice>;
  return <Notice>{say(lostSince === null ? FRAME.loading : FRAME.unreached)}</Notice>;
}

function Agents({ board: told }: { board: Board }) {
  const { say } = useSpeaker();
  const now = useNow();
  const who = useStore(session);
  const [filter, setFilter] = useState(ALL);
  const [changed, setChanged] = useState<Agent | null>(null);
  const { agents, signedOut } = find(told, filter);
  const may = who.kind === "signed-in" && has(who.who, "supervisor", "administrator");
  return (
    <section aria-labelledby="agents">
      <div class={styles.bar}>
        <h2 id="agents">{say(TEXTS.agents)}</h2>
        <Filters board={told} filter={filter} signedOut={signedOut} onFilter={setFilter} />
      </div>
      {agents.length === 0 && <p class={styles.nobody}>{say(TEXTS.nobody)}</p>}
      <AgentGrid agents={byAttention(agents, now)} board={told} now={now} onChange={may ? setChanged : undefined} />
      {changed && <StateDialog agent={changed} onDone={() => setChanged(null)} />}
    </section>
  );
}

/** The agents that need somebody, on a big screen. */
function Needing({ board: told }: { board: Board }) {
  const { say } = useSpeaker();
  const now = useNow();
  const needing = byAttention(told.agents.values(), now).filter((agent) => need(agent, now).level > 0);
  if (needing.length === 0) return null;
  return (
    <section aria-label={say(TEXTS.attention)}>
      <AgentGrid agents={needing.slice(0, MOST_CARDS)} board={told} now={now} />
    </section>
  );
}
