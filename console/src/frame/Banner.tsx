import { connection, lost, wake } from "../live/live";
import { useSpeaker } from "../texts/language";
import { timeOfDay } from "../time/format";
import styles from "./Banner.module.css";
import { useStore } from "./store";
import { TEXTS } from "./texts";
import { outdated } from "./version";

/** What concerns the whole page: what is shown is not of now, or the page itself is old. */
export function Banner() {
  return useStore(lost) === null ? <Outdated /> : <Lost />;
}

function Outdated() {
  const { say } = useSpeaker();
  if (!useStore(outdated)) return null;
  return (
    <div class={styles.banner} data-quiet role="status">
      <span>{say(TEXTS.outdated)}</span>
      <button type="button" onClick={() => location.reload()}>
        {say(TEXTS.reload)}
      </button>
    </div>
  );
}

function Lost() {
  const { say, language } = useSpeaker();
  const { status } = useStore(connection);
  const alive = useStore(lost);
  if (alive === null) return null;
  const text = status === 503 ? TEXTS.crowded : TEXTS.lost;
  return (
    <div class={styles.banner} role="alert">
      <span>{say(text, { time: timeOfDay(alive, language) })}</span>
      <button type="button" onClick={wake}>
        {say(TEXTS.tryNow)}
      </button>
    </div>
  );
}
