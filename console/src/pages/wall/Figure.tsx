import type { ComponentChildren } from "preact";
import { useSpeaker } from "../../texts/language";
import type { Level } from "./attention";
import styles from "./Figure.module.css";
import { TEXTS } from "./texts";

/** A figure that is no longer as it should be has a colour and a sign, whose name readers of the screen hear. */
export function Figure({ level, children }: { level: Level; children: ComponentChildren }) {
  const { say } = useSpeaker();
  return (
    <span class={styles.figure} data-level={level}>
      {level > 0 && (
        <svg
          class={styles.sign}
          viewBox="0 0 16 16"
          role="img"
          aria-label={say(level === 2 ? TEXTS.nowSpoken : TEXTS.soonSpoken)}
        >
          <path d="M8 2 15 14H1z" fill={level === 2 ? "currentColor" : "none"} stroke="currentColor" stroke-width="2" />
        </svg>
      )}
      {children}
    </span>
  );
}
