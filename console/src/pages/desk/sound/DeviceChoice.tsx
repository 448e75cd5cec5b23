import type { ComponentChildren } from "preact";
import type { Store } from "../../../frame/store";
import { useStore } from "../../../frame/store";
import { type Choice, type Device, found, gone } from "../../../phone/devices";
import { useSpeaker } from "../../../texts/language";
import type { Text } from "../../../texts/texts";
import styles from "./Sound.module.css";
import { TEXTS } from "./texts";

interface Given {
  label: Text;
  choice: Store<Choice>;
  devices: readonly Device[];
  /** Beside it: how it is tried. */
  children: ComponentChildren;
}

/** One device of its kind, or whichever the system uses. A chosen one that is not there stays in the list. */
export function DeviceChoice({ label, choice, devices, children }: Given) {
  const { say } = useSpeaker();
  const now = useStore(choice);
  const shown = found(now, devices) ?? now;
  const absent = shown !== null && !devices.some(({ id }) => id === shown.id) ? shown : null;
  return (
    <div class={styles.device}>
      <label>
        {say(label)}
        <select
          value={shown?.id ?? ""}
          onChange={({ currentTarget }) => choice.set(devices.find(({ id }) => id === currentTarget.value) ?? null)}
        >
          <option value="">{say(TEXTS.system)}</option>
          {absent !== null && (
            <option value={absent.id} disabled>
              {gone(now, devices) ? say(TEXTS.isGone, { label: absent.label }) : absent.label}
            </option>
          )}
          {devices.map(({ id, label: name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {children}
    </div>
  );
}
