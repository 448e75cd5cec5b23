import { ask } from "../../api/client";
import type { CallbackOut } from "../../api/schema";
import { Dialog } from "../../frame/Dialog";
import { grouped } from "../../frame/grouped";
import sheet from "../../frame/Sheet.module.css";
import { useSpeaker } from "../../texts/language";
import { TEXTS } from "./texts";

export interface CancelProps {
  of: CallbackOut;
  onChanged: () => void;
  onClosed: () => void;
}

/** Asks whether a citizen is not to be called back any more. */
export function CancelDialog({ of, onChanged, onClosed }: CancelProps) {
  const { say } = useSpeaker();
  const submit = async () => {
    await ask("delete", "/api/v1/callbacks/{callback_id}", { path: { callback_id: of.id } });
    onChanged();
  };
  return (
    <Dialog
      title={say(TEXTS.cancelTitle, { number: grouped(of.number).join(" ") })}
      action={say(TEXTS.cancelAction)}
      grave
      narrow
      onSubmit={submit}
      onDone={onClosed}
    >
      <p class={sheet.quiet}>{say(TEXTS.cancelHint)}</p>
    </Dialog>
  );
}
