import type { ComponentChildren } from "preact";
import { useId, useState } from "preact/hooks";
import { useSpeaker } from "../texts/language";
import styles from "./Dialog.module.css";
import { failure } from "./failure";
import { useModal } from "./modal";
import { TEXTS } from "./texts";

/** What `onSubmit` answers if the dialog asks on. */
export const ASKS_ON = Symbol("asks on");

export interface DialogProps {
  title: string;
  /** Word of the button that does it; left out: the dialog only shows something. */
  action?: string;
  /** It cannot be taken back, so the button warns. */
  grave?: boolean;
  /** It has few words. */
  narrow?: boolean;
  /** Why it cannot be done as it stands, in words; empty: that is plain to see. Left out, null: it can. */
  hindrance?: string | null;
  /** A button that leads elsewhere: the dialog is closed, the focus goes back to its opener, and from there on. */
  elsewhere?: { word: string; go: () => void };
  /** Does it. If it fails, the dialog stays, says why, and keeps what was typed. After `ASKS_ON` it stays, too. */
  onSubmit?: () => Promise<unknown>;
  /** The dialog is closed, whether it was done or not. */
  onDone: () => void;
  /** A function gets what closes the dialog. */
  children?: ComponentChildren | ((close: () => void) => ComponentChildren);
}

/** Asks for something in front of the page. Escape or Cancel changes nothing. */
export function Dialog(props: DialogProps) {
  const { title, action, grave, narrow, hindrance = null, elsewhere, onSubmit, onDone, children } = props;
  const speaker = useSpeaker();
  const { say } = speaker;
  const id = useId();
  const { close, attributes } = useModal(onDone);
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      const answer = await onSubmit?.();
      if (answer !== ASKS_ON) return close();
      setRefused(null);
      setBusy(false);
    } catch (error) {
      setRefused(failure(error, speaker));
      setBusy(false);
    }
  };

  return (
    <dialog class={styles.dialog} data-narrow={narrow} aria-labelledby={id} {...attributes}>
      <form onSubmit={(event) => void submit(event)}>
        <h2 id={id}>{title}</h2>
        {typeof children === "function" ? children(close) : children}
        <p class={styles.refused} role="alert">
          {hindrance || refused}
        </p>
        <div class={styles.buttons}>
          {elsewhere && (
            <button
              type="button"
              class={styles.elsewhere}
              data-plain
              onClick={() => {
                close();
                elsewhere.go();
              }}
            >
              {elsewhere.word}
            </button>
          )}
          <button type="button" onClick={close}>
            {say(action === undefined ? TEXTS.close : TEXTS.cancel)}
          </button>
          {action !== undefined && (
            <button
              type="submit"
              data-primary={!grave || undefined}
              data-grave={grave}
              disabled={busy || hindrance !== null}
            >
              {action}
            </button>
          )}
        </div>
      </form>
    </dialog>
  );
}
