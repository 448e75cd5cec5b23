import { memo } from "../frame/memo";
import { useSpeaker } from "../texts/language";
import styles from "./StateMark.module.css";
import { LOOKS, type Shown } from "./states";

/** A state's shape in its colour. The word stands beside it, or is the shape's name (`word={false}`). */
export const StateMark = memo(({ state, word = true }: { state: Shown; word?: boolean }) => {
  const { say } = useSpeaker();
  const look = LOOKS[state];
  return (
    <span class={styles.mark} style={{ color: look.colour }}>
      <svg
        class={state === "ringing" ? styles.breathes : styles.shape}
        viewBox="0 0 16 16"
        role={word ? undefined : "img"}
        aria-label={word ? undefined : say(look.word)}
        aria-hidden={word}
      >
        <path d={look.path} fill="currentColor" fill-rule="evenodd" />
      </svg>
      {word && <span>{say(look.word)}</span>}
    </span>
  );
});
