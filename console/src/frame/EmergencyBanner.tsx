import { useSpeaker } from "../texts/language";
import { dayAndTime } from "../time/format";
import styles from "./Banner.module.css";
import { emergency, useEmergencyWatch } from "./emergency";
import { useStore } from "./store";
import { TEXTS } from "./texts";

/** All new callers hear an emergency message: on every page, so that it is never forgotten. */
export function EmergencyBanner() {
  useEmergencyWatch();
  const { say, language } = useSpeaker();
  const message = useStore(emergency)?.emergency;
  if (!message) return null;
  const text = message.mode === "instead" ? TEXTS.emergencyInstead : TEXTS.emergencyBefore;
  return (
    <div class={styles.banner} data-quiet role="status">
      <span>{say(text, { time: dayAndTime(Date.parse(message.until), language) })}</span>
    </div>
  );
}
