import { useState } from "preact/hooks";
import { ask } from "../../api/client";
import type { MissedOut } from "../../api/schema";
import { Dialog } from "../../frame/Dialog";
import fields from "../../frame/Field.module.css";
import { grouped } from "../../frame/grouped";
import sheet from "../../frame/Sheet.module.css";
import { useSpeaker } from "../../texts/language";
import { TEXTS } from "./texts";

export interface DoneProps {
  of: MissedOut;
  onChanged: () => void;
  onClosed: () => void;
}

/** Takes a caller off the list, with a note of why nobody need call back. */
export function DoneDialog({ of, onChanged, onClosed }: DoneProps) {
  const { say } = useSpeaker();
  const [note, setNote] = useState("");
  const submit = async () => {
    await ask("post", "/api/v1/missed/{missed_id}/done", { path: { missed_id: of.id }, body: { note: note.trim() } });
    onChanged();
  };
  return (
    <Dialog
      title={say(TEXTS.doneTitle, { number: grouped(of.number).join(" ") })}
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
