import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { useSpeaker } from "../texts/language";
import styles from "./Dialog.module.css";
import { failure } from "./failure";
import { TEXTS } from "./texts";

export interface DialogProps {
  title: string;
  /** Word of the button that does it; left out: the dialog only tells something. */
  action?: string;
  /** It cannot be taken back, so the button warns. */
  grave?: boolean;
  /** Does it. If it fails, the dialog stays, says why, and keeps what was typed. */
  onSubmit?: () => Promise<unknown>;
  /** The dialog is closed, whether it was done or not. */
  onDone: () => void;
  children?: ComponentChildren;
}

/** Asks for something in front of the page. Escape or Cancel changes nothing. */
export function Dialog({ title, action, grave, onSubmit, onDone, children }: DialogProps) {
  const speaker = useSpeaker();
  const { say } = speaker;
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => dialog.current?.showModal(), []);

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      await onSubmit?.();
      dialog.current?.close();
    } catch (error) {
      setRefused(failure(error, speaker));
      setBusy(false);
    }
  };

  return (
    <dialog class={styles.dialog} ref={dialog} aria-labelledby={id} onClose={onDone}>
      <form onSubmit={(event) => void submit(event)}>
        <h2 id={id}>{title}</h2>
        {children}
        <p class={styles.refused} role="alert">
          {refused}
        </p>
        <div class={styles.buttons}>
          <button type="button" onClick={() => dialog.current?.close()}>
            {say(action === undefined ? TEXTS.close : TEXTS.cancel)}
          </button>
          {action !== undefined && (
            <button type="submit" data-primary={!grave || undefined} data-grave={grave} disabled={busy}>
              {action}
            </button>
          )}
        </div>
      </form>
    </dialog>
  );
}
