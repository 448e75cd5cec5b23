import { ask } from "../../api/client";
import type { MessageOut } from "../../api/schema";
import { Dialog } from "../../frame/Dialog";
import { grouped } from "../../frame/grouped";
import { NoteDialog } from "../../frame/NoteDialog";
import sheet from "../../frame/Sheet.module.css";
import { useSpeaker } from "../../texts/language";
import { TEXTS } from "./texts";

export interface DialogProps {
  of: MessageOut;
  onChanged: () => void;
  onClosed: () => void;
}

/** Takes a message off the list, with a note of what came of it. */
export function DoneDialog({ of, onChanged, onClosed }: DialogProps) {
  const { say } = useSpeaker();
  const finish = async (note: string) => {
    await ask("post", "/api/v1/messages/{message_id}/done", { path: { message_id: of.id }, body: { note } });
    onChanged();
  };
  return (
    <NoteDialog
      title={say(TEXTS.doneTitle, { number: grouped(of.number).join(" ") || say(TEXTS.hidden) })}
      hint={say(TEXTS.doneHint)}
      label={say(TEXTS.note)}
      action={say(TEXTS.done)}
      onNote={finish}
      onClosed={onClosed}
    />
  );
}

/** Removes a message that needs no answer. */
export function RemoveDialog({ of, onChanged, onClosed }: DialogProps) {
  const { say } = useSpeaker();
  const submit = async () => {
    await ask("delete", "/api/v1/messages/{message_id}", { path: { message_id: of.id } });
    onChanged();
  };
  return (
    <Dialog
      title={say(TEXTS.removeTitle, { number: grouped(of.number).join(" ") || say(TEXTS.hidden) })}
      action={say(TEXTS.remove)}
      narrow
      onSubmit={submit}
      onDone={onClosed}
    >
      <p class={sheet.quiet}>{say(TEXTS.removeHint)}</p>
    </Dialog>
  );
}
