import type { PromptOut } from "../../../api/schema";
import sheet from "../../../frame/Sheet.module.css";
import { useSpeaker } from "../../../texts/language";
import { TEXTS } from "./texts";

export interface PendingProps {
  prompts: readonly PromptOut[];
  /** The recordings were taken into use just now. */
  used: boolean;
  /** Takes them into use; null: this account may not. */
  onUse: (() => void) | null;
}

/** How many recordings were changed and are not in use yet. */
export function Pending({ prompts, used, onUse }: PendingProps) {
  const { say } = useSpeaker();
  const count = prompts.filter(({ pending }) => pending).length;
  return (
    <div class={count > 0 || used ? sheet.bar : undefined} data-pending={count}>
      <p role="status">{count > 0 ? say(TEXTS.waiting, { count }) : used && say(TEXTS.used)}</p>
      {count > 0 && onUse !== null && (
        <button type="button" data-primary onClick={onUse}>
          {say(TEXTS.use)}
        </button>
      )}
    </div>
  );
}
