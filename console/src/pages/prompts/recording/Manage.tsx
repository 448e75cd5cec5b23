import type { PromptOut } from "../../../api/schema";
import sheet from "../../../frame/Sheet.module.css";
import { useSpeaker } from "../../../texts/language";
import { TEXTS } from "./texts";

export interface ManageProps {
  prompt: PromptOut;
  onRecord: (prompt: PromptOut) => void;
  onRemove: (prompt: PromptOut) => void;
}

/** What an administrator can do with the recording of a text. */
export function Manage({ prompt, onRecord, onRemove }: ManageProps) {
  const { say } = useSpeaker();
  const text = `text-${prompt.id}`;
  return (
    <div class={sheet.doings}>
      <button type="button" aria-describedby={text} onClick={() => onRecord(prompt)}>
        {say(prompt.recording === null ? TEXTS.recordNew : TEXTS.recordAnew)}
      </button>
      {prompt.recording !== null && (
        <button type="button" aria-describedby={text} onClick={() => onRemove(prompt)}>
          {say(TEXTS.remove)}
        </button>
      )}
    </div>
  );
}
