import type { JSX } from "preact";
import { memo } from "../frame/memo";
import { useSpeaker } from "../texts/language";
import styles from "./StateMark.module.css";
import { LOOKS, type Shape, type Shown } from "./states";

const SHAPES: Readonly<Record<Shape, JSX.Element>> = {
  disc: <circle cx="8" cy="8" r="6" fill="currentColor" />,
  ring: <circle cx="8" cy="8" r="5" fill="none" stroke="currentColor" stroke-width="3" />,
  square: <rect x="2.5" y="2.5" width="11" height="11" rx="1" fill="currentColor" />,
  half: (
    <>
      <circle cx="8" cy="8" r="5.25" fill="none" stroke="currentColor" stroke-width="1.5" />
      <path d="M8 2a6 6 0 0 1 0 12z" fill="currentColor" />
    </>
  ),
  bar: <rect x="5.5" y="2" width="5" height="12" rx="1" fill="currentColor" />,
  struck: (
    <>
      <circle cx="8" cy="8" r="5.25" fill="none" stroke="currentColor" stroke-width="1.75" />
      <path d="M3 13 13 3" stroke="currentColor" stroke-width="1.75" />
    </>
  ),
  dot: <circle cx="8" cy="8" r="2.5" fill="currentColor" />,
};

/** A state's shape in its colour. The word stands beside it, or is the shape's name (`word={false}`). */
export const StateMark = memo(({ state, word = true }: { state: Shown; word?: boolean }) => {
  const { say } = useSpeaker();
  const look = LOOKS[state];
  return (
    <span class={styles.mark} style={{ color: look.colour }}>
      <svg
        class={look.shape === "ring" ? styles.breathes : styles.shape}
        viewBox="0 0 16 16"
        role={word ? undefined : "img"}
        aria-label={word ? undefined : say(look.word)}
        aria-hidden={word}
      >
        {SHAPES[look.shape]}
      </svg>
      {word && <span>{say(look.word)}</span>}
    </span>
  );
});
