import { useState } from "preact/hooks";
import { Dialog } from "./Dialog";
import fields from "./Field.module.css";
import sheet from "./Sheet.module.css";

export interface NoteDialogProps {
  title: string;
  hint: string;
  label: string;
  action: string;
  /** Gets the note without spaces around it; "" if nothing was written. */
  onNote: (note: string) => Promise<void>;
  onClosed: () => void;
}

/** Asks for a note that may be empty, such as why an entry leaves a list. */
export function NoteDialog({ title, hint, label, action, onNote, onClosed }: NoteDialogProps) {
  const [note, setNote] = useState("");
  return (
    <Dialog title={title} action={action} narrow onSubmit={() => onNote(note.trim())} onDone={onClosed}>
      <p class={sheet.quiet}>{hint}</p>
      <label class={fields.field}>
        {label}
        <textarea rows={3} maxLength={500} value={note} onInput={({ currentTarget }) => setNote(currentTarget.value)} />
      </label>
    </Dialog>
  );
}
