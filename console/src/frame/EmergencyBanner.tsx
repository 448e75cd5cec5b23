import type { EmergencyOut } from "../api/schema";
import { useSpeaker } from "../texts/language";
import { dayAndTime } from "../time/format";
import styles from "./Banner.module.css";
import { emergency, useEmergencyWatch } from "./emergency";
import { placed, useNames } from "./names";
import { useStore } from "./store";
import { TEXTS } from "./texts";

/** Callers hear emergency messages: on every page, so that none is ever forgotten. */
export function EmergencyBanner() {
  useEmergencyWatch();
  const now = useStore(emergency);
  if (now === null) return null;
  return (
    <>
      {now.emergency && <WholeLine message={now.emergency} />}
      {now.places.length > 0 && <PlacesLine messages={now.places} />}
    </>
  );
}

function WholeLine({ message }: { message: EmergencyOut }) {
  const { say, language } = useSpeaker();
  const text = message.mode === "instead" ? TEXTS.emergencyInstead : TEXTS.emergencyBefore;
  return (
    <div class={styles.banner} data-quiet role="status">
      <span>{say(text, { time: dayAndTime(Date.parse(message.until), language) })}</span>
    </div>
  );
}

function PlacesLine({ messages }: { messages: readonly EmergencyOut[] }) {
  const { say, language } = useSpeaker();
  const names = useNames();
  return (
    <div class={styles.banner} data-quiet data-several role="status">
      {messages.map(({ id, where, until }) => (
        <span key={id}>
          {say(TEXTS.emergencyPlace, {
            place: placed(names, where, language),
            time: dayAndTime(Date.parse(until), language),
          })}
        </span>
      ))}
    </div>
  );
}
