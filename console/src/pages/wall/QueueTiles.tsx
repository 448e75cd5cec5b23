import { useEffect, useRef } from "preact/hooks";
import { usePaced } from "../../frame/paced";
import { type Board, waitingChanged } from "../../live/board";
import { useSpeaker } from "../../texts/language";
import { TEXTS as CALLERS } from "./callers/texts";
import { QueueTile } from "./QueueTile";
import styles from "./QueueTiles.module.css";
import { useRoving } from "./roving";
import { TEXTS } from "./texts";

export interface TilesProps {
  board: Board;
  /** The queue whose callers are shown; undefined: none. */
  open: string | undefined;
  /** Shows the callers of a queue, or closes them; undefined: the person may not see them. */
  onOpen: ((queue: string) => void) | undefined;
}

/** Queues as tiles. One of them is in the order of Tab; arrow keys lead to the others. */
export function QueueTiles({ board, open, onOpen }: TilesProps) {
  const { say } = useSpeaker();
  const list = useRef<HTMLUListElement>(null);
  const at = useRoving(list, "opens") ?? open ?? "";
  const queues = [...usePaced(board.queues, waitingChanged).values()];
  const tabbed = board.queues.has(at) ? at : queues[0]?.id;
  const before = useRef(open);
  useEffect(() => {
    const closed = before.current;
    before.current = open;
    if (open !== undefined || closed === undefined || document.activeElement !== document.body) return;
    list.current?.querySelector<HTMLElement>(`[data-opens="${CSS.escape(closed)}"]`)?.focus();
  }, [open]);
  return (
    <section aria-label={say(TEXTS.queues)}>
      <ul class={styles.tiles} ref={list} aria-description={onOpen && say(CALLERS.arrowsQueues)}>
        {queues.map((queue) => (
          <QueueTile
            key={queue.id}
            queue={queue}
            hour={board.hours.get(queue.id)}
            onOpen={onOpen}
            open={queue.id === open}
            tabbed={queue.id === tabbed}
          />
        ))}
      </ul>
    </section>
  );
}
