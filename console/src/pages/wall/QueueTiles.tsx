import { useEffect, useRef, useState } from "preact/hooks";
import { usePaced } from "../../frame/paced";
import { type Board, waitingChanged } from "../../live/board";
import { useSpeaker } from "../../texts/language";
import { TEXTS as CALLERS } from "./callers/texts";
import { fill } from "./fit";
import { QueueTile } from "./QueueTile";
import styles from "./QueueTiles.module.css";
import { useRoving } from "./roving";
import { TEXTS } from "./texts";

/** `desk`: before somebody who sits there, `big`: on a wall; both fill their room. `page`: as a list in a page that scrolls,
 *  on a phone. */
export type How = "desk" | "big" | "page";

/** Pixels: between two tiles, of a small letter at least and at most. */
const LOOKS = {
  desk: { gap: 8, readable: 12, most: 20 },
  big: { gap: 16, readable: 12, most: 200 },
};

export interface TilesProps {
  board: Board;
  how: How;
  /** The queue whose callers are shown; undefined: none. */
  open?: string | undefined;
  /** Shows the callers of a queue, or closes them; undefined: the person may not see them. */
  onOpen?: ((queue: string) => void) | undefined;
}

/** Queues as tiles. One of them is in the order of Tab; arrow keys lead to the others. */
export function QueueTiles({ board, how, open, onOpen }: TilesProps) {
  const { say } = useSpeaker();
  const list = useRef<HTMLUListElement>(null);
  const room = useRef<HTMLElement>(null);
  const [width, height] = useSize(room);
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
  const fit = how === "page" ? null : fill(queues.length, { width, height, ...LOOKS[how] });
  const detail = fit?.detail ?? 1;
  return (
    <section
      class={styles.room}
      data-how={how}
      ref={room}
      aria-label={say(TEXTS.queues)}
      style={fit && how === "desk" ? { minHeight: `${fit.least}px` } : {}}
    >
      <ul
        class={styles.tiles}
        ref={list}
        aria-description={onOpen && say(CALLERS.arrowsQueues)}
        style={fit ? { "--tile-unit": `${fit.unit}px`, "--across": fit.across } : {}}
      >
        {queues.map((queue) => (
          <QueueTile
            key={queue.id}
            queue={queue}
            detail={detail}
            hour={detail === 3 ? board.hours.get(queue.id) : null}
            onOpen={onOpen}
            open={queue.id === open}
            tabbed={queue.id === tabbed}
          />
        ))}
      </ul>
    </section>
  );
}

/** Width and height of an element in pixels, followed. */
function useSize(of: { readonly current: HTMLElement | null }): readonly [number, number] {
  const [size, setSize] = useState<readonly [number, number]>([1_920, 600]);
  useEffect(() => {
    if (of.current === null) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setSize([entry.contentRect.width, entry.contentRect.height]);
    });
    observer.observe(of.current);
    return () => observer.disconnect();
  }, [of]);
  return size;
}
