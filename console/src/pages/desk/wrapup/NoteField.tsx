import { useId, useRef, useState } from "preact/hooks";
import type { WrapUpOut } from "../../../api/schema";
import { failure } from "../../../frame/failure";
import { Key } from "../../../frame/Key";
import { useKeys } from "../../../frame/keys";
import { useStore } from "../../../frame/store";
import { useSpeaker } from "../../../texts/language";
import { unsaved } from "./drafts";
import type { Saved } from "./saver";
import { notes, progress } from "./sheet";
import { TEXTS } from "./texts";
import styles from "./WrapUp.module.css";

const LONGEST = 2_000;

/** The note: it saves itself, and a reload keeps what was typed. */
export function NoteField({ wrapUp }: { wrapUp: WrapUpOut }) {
  const { say } = useSpeaker();
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(() => unsaved.get(wrapUp.call_id) ?? wrapUp.note);
  const saved = useStore(progress).get(wrapUp.call_id);
  useKeys({ n: () => field.current?.focus() });
  return (
    <div class={styles.field}>
      <label for={id}>
        {say(TEXTS.notes)} <Key name="N" />
      </label>
      <textarea
        id={id}
        ref={field}
        rows={4}
        maxLength={LONGEST}
        value={text}
        onInput={({ currentTarget: { value } }) => {
          setText(value);
          notes.typed(wrapUp.call_id, value);
        }}
        onBlur={() => void notes.now()}
        onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}
      />
      <Progress saved={saved} />
    </div>
  );
}

function Progress({ saved }: { saved: Saved | undefined }) {
  const speaker = useSpeaker();
  const { say } = speaker;
  switch (saved?.kind) {
    case "saved":
      return <output class={styles.quiet}>{say(TEXTS.saved)}</output>;
    case "saving":
      return <output class={styles.quiet}>{say(TEXTS.saving)}</output>;
    case "unsaved":
      return <output class={styles.trouble}>{say(TEXTS.unsaved, { why: failure(saved.why, speaker) })}</output>;
    case "refused":
      return <output class={styles.trouble}>{say(TEXTS.refused, { why: failure(saved.why, speaker) })}</output>;
    default:
      return <output class={styles.quiet} />;
  }
}
