import { ask } from "../../api/client";
import type { MissedOut } from "../../api/schema";
import { grouped } from "../../frame/grouped";
import { NoteDialog } from "../../frame/NoteDialog";
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
  const finish = async (note: string) => {
    await ask("post", "/api/v1/missed/{missed_id}/done", { path: { missed_id: of.id }, body: { note } });
    onChanged();
  };
  return (
    <NoteDialog
      title={say(TEXTS.doneTitle, { number: grouped(of.number).join(" ") })}
      hint={say(TEXTS.doneHint)}
      label={say(TEXTS.note)}
      action={say(TEXTS.done)}
      onNote={finish}
      onClosed={onClosed}
    />
  );
}
