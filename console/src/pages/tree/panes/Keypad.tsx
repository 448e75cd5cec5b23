import { useMemo } from "preact/hooks";
import { useKeys } from "../../../frame/keys";
import { useSpeaker } from "../../../texts/language";
import styles from "./Panes.module.css";
import { WALK } from "./texts";
import { PAD, SILENCE } from "./walk";

export interface KeypadProps {
  /** What may be pressed, and where it leads, in words. */
  readonly keys: Readonly<Record<string, string>>;
  /** Silence and wrong keys count here. */
  readonly asks: boolean;
  readonly disabled: boolean;
  readonly onPress: (key: string) => void;
}

/** The keys of a telephone, each with where it leads. */
export function Keypad({ keys, asks, disabled, onPress }: KeypadProps) {
  const { say } = useSpeaker();
  const may = (key: string) => !disabled && (asks || key in keys);
  const typed = useMemo(
    () =>
      Object.fromEntries(
        disabled ? [] : PAD.filter((key) => asks || key in keys).map((key) => [key, () => onPress(key)]),
      ),
    [keys, asks, disabled, onPress],
  );
  useKeys(typed);
  return (
    <fieldset class={styles.pad}>
      <legend class="spoken">{say(WALK.pad)}</legend>
      {PAD.map((key) => (
        <button
          key={key}
          type="button"
          data-key={key}
          disabled={!may(key)}
          data-leads={key in keys}
          onClick={() => onPress(key)}
        >
          <b>{key}</b>
          <span>{keys[key] ?? ""}</span>
          {!(key in keys) && <span class="spoken">{say(WALK.nothing)}</span>}
        </button>
      ))}
      <button type="button" class={styles.silence} disabled={disabled || !asks} onClick={() => onPress(SILENCE)}>
        {say(WALK.silence)}
      </button>
    </fieldset>
  );
}
