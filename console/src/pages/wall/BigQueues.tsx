import { useEffect, useRef, useState } from "preact/hooks";
import { usePaced } from "../../frame/paced";
import { type Board, waitingChanged } from "../../live/board";
import { useSpeaker } from "../../texts/language";
import styles from "./BigQueues.module.css";
import { fill } from "./fit";
import { QueueTile } from "./QueueTile";
import { TEXTS } from "./texts";

/** Pixels between two tiles. */
const GAP = 16;

/** All queues at once, as large as the screen allows. */
export function BigQueues({ board: { queues: known, hours } }: { board: Board }) {
  const { say } = useSpeaker();
  const room = useRef<HTMLElement>(null);
  const [[width, height], setSize] = useState<readonly [number, number]>([1_920, 800]);
  useEffect(() => {
    if (room.current === null) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setSize([entry.contentRect.width, entry.contentRect.height]);
    });
    observer.observe(room.current);
    return () => observer.disconnect();
  }, []);
  const queues = [...usePaced(known, waitingChanged).values()];
  const { across, unit, lean } = fill(queues.length, width, height, GAP);
  return (
    <section class={styles.room} ref={room} aria-label={say(TEXTS.queues)}>
      <ul
        class={styles.tiles}
        style={{ "--tile-unit": `${unit}px`, gridTemplateColumns: `repeat(${across}, minmax(0, 1fr))` }}
      >
        {queues.map((queue) => (
          <QueueTile key={queue.id} queue={queue} hour={lean ? null : hours.get(queue.id)} />
        ))}
      </ul>
    </section>
  );
}
