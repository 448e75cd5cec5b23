import { board, connection, wake } from "../live/live";
import { useSpeaker } from "../texts/language";
import { timeOfDay } from "../time/format";
import styles from "./Banner.module.css";
import { useStore } from "./store";
import { TEXTS } from "./texts";

/** Says that what is shown is not of now. */
export function Banner() {
  const { say, language } = useSpeaker();
  const { lostSince, status } = useStore(connection);
  const told = useStore(board);
  if (lostSince === null || told === null) return null;
  const text = status === 503 ? TEXTS.crowded : TEXTS.lost;
  return (
    <div class={styles.banner} role="alert">
      <span>{say(text, { time: timeOfDay(told.at, language) })}</span>
      <button type="button" onClick={wake}>
        {say(TEXTS.tryNow)}
      </button>
    </div>
  );
}
