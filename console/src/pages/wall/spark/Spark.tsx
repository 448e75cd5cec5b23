import { useMemo } from "preact/hooks";
import type { LastHourOut } from "../../../api/schema";
import { useSpeaker } from "../../../texts/language";
import styles from "./Spark.module.css";
import { HIGH, shape, unknown } from "./shape";
import { TEXTS } from "./texts";

export interface SparkProps {
  /** Of each minute, how many waited at most; undefined: the service has not sent it. */
  hour: LastHourOut["waiting"] | undefined;
  /** How many wait now. */
  waiting: number;
}

/** How many waited in the last hour, as a small drawing, and when they were most, in words. */
export function Spark({ hour, waiting }: SparkProps) {
  const { say } = useSpeaker();
  return useMemo(() => {
    if (hour === undefined || unknown(hour)) {
      return (
        <p class={styles.spark}>
          <span>{say(TEXTS.notYet)}</span>
        </p>
      );
    }
    const { area, width, peak } = shape(hour, waiting);
    const words =
      peak === null
        ? say(TEXTS.nobodyWaited)
        : say(peak.ago === 0 ? TEXTS.mostNow : TEXTS.most, { count: peak.waiting, ago: peak.ago });
    return (
      <p class={styles.spark} title={say(TEXTS.meaning)}>
        <svg viewBox={`0 0 ${width} ${HIGH}`} preserveAspectRatio="none" aria-hidden="true">
          <rect width={width} height={HIGH} class={styles.room} />
          <path d={`M0 ${HIGH}h${width}`} class={styles.ground} />
          <path d={area} class={styles.area} />
        </svg>
        <span>{words}</span>
      </p>
    );
  }, [hour, waiting, say]);
}
