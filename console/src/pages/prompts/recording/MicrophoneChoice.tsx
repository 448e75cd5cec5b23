import { useStore } from "../../../frame/store";
import { found } from "../../../phone/devices";
import { devices, microphoneChoice } from "../../../phone/sound";
import { useSpeaker } from "../../../texts/language";
import styles from "./Recording.module.css";
import { TEXTS } from "./texts";

/** Which microphone records, where there are several. The browser names them once one was allowed. */
export function MicrophoneChoice() {
  const { say } = useSpeaker();
  const { microphones } = useStore(devices);
  const chosen = found(useStore(microphoneChoice), microphones);
  if (microphones.length < 2) return null;
  return (
    <label class={styles.choice}>
      {say(TEXTS.microphone)}
      <select
        value={chosen?.id ?? microphones[0]?.id}
        onChange={({ currentTarget }) =>
          microphoneChoice.set(microphones.find(({ id }) => id === currentTarget.value) ?? null)
        }
      >
        {microphones.map(({ id, label }) => (
          <option key={id} value={id}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}
