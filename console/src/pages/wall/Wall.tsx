import { useCallback, useEffect, useMemo } from "preact/hooks";
import type { Role } from "../../api/schema";
import { useKeys } from "../../frame/keys";
import { useMedia } from "../../frame/media";
import { Notice } from "../../frame/Notice";
import { go, place } from "../../frame/place";
import { useStore } from "../../frame/store";
import { TEXTS as FRAME } from "../../frame/texts";
import type { Board } from "../../live/board";
import { board, connection, follow, lost } from "../../live/live";
import { has, session } from "../../session/session";
import { useSpeaker } from "../../texts/language";
import { useNow } from "../../time/clock";
import { AgentGrid } from "./AgentGrid";
import { Agents } from "./Agents";
import { byAttention, need } from "./attention";
import { CallersPanel, type PanelProps } from "./callers/CallersPanel";
import { Supervision } from "./listening/Supervision";
import { News } from "./notice/News";
import { QueueTiles } from "./QueueTiles";
import { BIG_KEY, Summary } from "./Summary";
import { TEXTS } from "./texts";
import styles from "./Wall.module.css";

/** Cards below the tiles of a big screen. */
const MOST_CARDS = 10;

/** So many queues stand in one row, and leave the agents more room. */
const FEW_QUEUES = 4;

/** A window in which the wall is as high as the window, and the agents move within their own room: see Wall.module.css. */
const FITTED = "(width >= 60rem) and (height >= 40rem)";

/** Queues as tiles and agents by who needs attention; `/wall?queue=ID` with who waits there, `/wall?big` for a screen that
 *  nobody sits at. */
export default function Wall() {
  const { say } = useSpeaker();
  const current = useStore(board);
  const { query } = useStore(place);
  const big = query.has("big");
  const who = useStore(session);
  const may = (...roles: readonly Role[]) => who.kind === "signed-in" && has(who.who, ...roles);
  const maySee = may("supervisor", "administrator", "department");
  const chosen = maySee ? current?.queues.get(query.get("queue") ?? "") : undefined;
  const isLost = useStore(lost) !== null;
  const fitted = useMedia(FITTED) && !big;
  useEffect(follow, []);
  const toggle = useCallback(() => go(big ? "/wall" : "/wall?big"), [big]);
  const close = useCallback(() => go("/wall"), []);
  const leave = big ? toggle : chosen && close;
  useKeys(useMemo(() => ({ [BIG_KEY]: toggle, ...(leave && { escape: leave }) }), [toggle, leave]));
  const mayChange = may("supervisor", "administrator");
  const whole = who.kind === "signed-in" && who.who.queues.length === 0 && who.who.departments.length === 0;
  const mayWrite = mayChange && whole && !big;
  const open = useCallback((queue: string) => go(queue === chosen?.id ? "/wall" : wallOf(queue)), [chosen?.id]);
  if (current === null) return <Absent />;
  return (
    <main class={styles.wall} data-big={big} data-fitted={fitted} data-lost={isLost}>
      <h1 class="spoken">{say(TEXTS.title)}</h1>
      <Summary board={current} big={big} onBig={toggle}>
        {current.notice === null && <News notice={null} may={mayWrite} />}
      </Summary>
      {current.notice !== null && <News notice={current.notice} may={mayWrite} />}
      <Supervision board={current} big={big} />
      {big ? (
        <>
          <QueueTiles board={current} how="big" />
          <Needing board={current} />
        </>
      ) : (
        <div class={styles.floor} data-open={chosen !== undefined} data-few={current.queues.size <= FEW_QUEUES}>
          <QueueTiles
            board={current}
            how={fitted ? "desk" : "page"}
            open={chosen?.id}
            onOpen={maySee ? open : undefined}
          />
          {chosen && <Waiting key={chosen.id} board={current} queue={chosen} mayMove={mayChange} onClose={close} />}
          {current.agents.size > 0 && <Agents board={current} mayChange={mayChange} />}
        </div>
      )}
    </main>
  );
}

function wallOf(queue: string): string {
  return `/wall?${new URLSearchParams({ queue })}`;
}

/** Nothing has come yet. */
function Absent() {
  const { say } = useSpeaker();
  const { lostSince, status } = useStore(connection);
  if (status === 403) return <Notice>{say(FRAME.failedRights)}</Notice>;
  return <Notice>{say(lostSince === null ? FRAME.loading : FRAME.unreached)}</Notice>;
}

/** The list of callers who wait in one queue. It stands beside the tiles and the agents. */
function Waiting(shown: Omit<PanelProps, "now">) {
  return (
    <div class={styles.side}>
      <CallersPanel {...shown} now={useNow()} />
    </div>
  );
}

/** The agents that need somebody, on a big screen. */
function Needing({ board: current }: { board: Board }) {
  const { say } = useSpeaker();
  const now = useNow();
  const needing = byAttention(current.agents.values(), now).filter((agent) => need(agent, now).level > 0);
  if (needing.length === 0) return null;
  return (
    <section aria-label={say(TEXTS.attention)}>
      <AgentGrid agents={needing.slice(0, MOST_CARDS)} board={current} now={now} />
    </section>
  );
}
