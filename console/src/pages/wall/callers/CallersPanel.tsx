import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { failure } from "../../../frame/failure";
import { Key } from "../../../frame/Key";
import { skillCalled, useNames } from "../../../frame/names";
import type { Board, Queue } from "../../../live/board";
import { useSpeaker } from "../../../texts/language";
import { named } from "../../../texts/texts";
import { useRoving } from "../roving";
import { Spark } from "../spark/Spark";
import { TEXTS as WALL } from "../texts";
import { CallerRow } from "./CallerRow";
import styles from "./CallersPanel.module.css";
import { line } from "./line";
import { MoveDialog } from "./MoveDialog";
import { TEXTS } from "./texts";
import { useReasons } from "./useReasons";

export interface PanelProps {
  board: Board;
  queue: Queue;
  now: number;
  /** Whether the person may move callers. */
  mayMove: boolean;
  onClose: () => void;
}

/** The callers who wait in a queue. They stand in the order in which they are served. Each row says why that caller waits. */
export function CallersPanel({ board, queue, now, mayMove, onClose }: PanelProps) {
  const speaker = useSpeaker();
  const { say, language } = speaker;
  const reasons = useReasons(board, queue);
  const names = useNames();
  const list = useRef<HTMLOListElement>(null);
  const title = useRef<HTMLHeadingElement>(null);
  const at = useRoving(list, "moves");
  const [moved, setMoved] = useState<string | null>(null);
  const [done, setDone] = useState("");
  const callers = line(board, queue.id);
  const tabbed = callers.some((caller) => caller.call_id === at) ? at : callers[0]?.call_id;
  const behind = queue.waiting - callers.length;
  useKeptFocus(list, title);
  return (
    <aside class={styles.panel} aria-labelledby="callers" data-callers={queue.id}>
      <div class={styles.head}>
        <h2 id="callers" ref={title} tabIndex={-1}>
          {say(TEXTS.title, { queue: named(queue.name, language) })}
        </h2>
        <button type="button" data-plain onClick={onClose} aria-keyshortcuts="Escape">
          {say(TEXTS.close)} <Key name="Esc" />
        </button>
      </div>
      <div class={styles.quiet}>
        <p>{say(WALL.today, { answered: queue.answered, abandoned: queue.abandoned })}</p>
        <Spark hour={board.hours.get(queue.id)} waiting={queue.waiting} />
      </div>
      <p class={styles.done} role="status">
        {done}
      </p>
      {reasons.failed !== null && <p class={styles.failed}>{failure(reasons.failed, speaker)}</p>}
      {callers.length === 0 && <p class={styles.quiet}>{say(TEXTS.nobodyWaits)}</p>}
      <ol class={styles.list} ref={list} aria-description={mayMove ? say(TEXTS.arrows) : undefined}>
        {callers.map((caller, place) => (
          <CallerRow
            key={caller.call_id}
            caller={caller}
            place={place + 1}
            details={reasons.of.get(caller.call_id)}
            board={board}
            within={queue.service_level.within_s}
            now={now}
            called={(skill) => skillCalled(names, skill, language)}
            tabbed={caller.call_id === tabbed}
            onMove={mayMove ? setMoved : undefined}
          />
        ))}
      </ol>
      {callers.length > 0 && behind > 0 && <p class={styles.quiet}>{say(TEXTS.more, { count: behind })}</p>}
      {moved !== null && (
        <MoveDialog
          board={board}
          callId={moved}
          onDone={(said) => {
            setMoved(null);
            if (said !== null) setDone(said);
            if (document.activeElement === document.body) title.current?.focus(); // the caller's row is gone
          }}
        />
      )}
    </aside>
  );
}

/** A row that had the focus may go at any moment. Then the title has it: a reader must not be thrown to the page's begin. */
function useKeptFocus(list: { current: HTMLElement | null }, title: { current: HTMLElement | null }): void {
  const had = useRef(false);
  useLayoutEffect(() => {
    if (had.current && document.activeElement === document.body) title.current?.focus();
    had.current = list.current?.contains(document.activeElement) ?? false;
  });
  useEffect(() => {
    const note = () => {
      had.current = list.current?.contains(document.activeElement) ?? false;
    };
    document.addEventListener("focusin", note);
    return () => document.removeEventListener("focusin", note);
  }, [list]);
}
