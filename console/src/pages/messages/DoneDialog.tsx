import { useState } from "preact/hooks";
import { ask } from "../../api/client";
import type { MessageOut } from "../../api/schema";
import { Dialog } from "../../frame/Dialog";
import fields from "../../frame/Field.module.css";
import { grouped } from "../../frame/grouped";
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
  const [note, setNote] = useState("");
  const submit = async () => {
    await ask("post", "/api/v1/messages/{message_id}/done", {
      path: { message_id: of.id },
      body: { note: note.trim() },
    });
    onChanged();
  };
  return (
    <Dialog
      title={say(TEXTS.doneTitle, { number: grouped(of.number).join(" ") || say(TEXTS.hidden) })}
      action={say(TEXTS.done)}
      narrow
      onSubmit={submit}
      onDone={onClosed}
    >
      <p class={sheet.quiet}>{say(TEXTS.doneHint)}</p>
      <label class={fields.field}>
        {say(TEXTS.note)}
        <textarea rows={3} maxLength={500} value={note} onInput={({ currentTarget }) => setNote(currentTarget.value)} />
      </label>
    </Dialog>
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
