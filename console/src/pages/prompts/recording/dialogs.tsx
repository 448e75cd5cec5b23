import { ask } from "../../../api/client";
import { Dialog } from "../../../frame/Dialog";
import { useSpeaker } from "../../../texts/language";
import { remove } from "./keeping";
import type { RecordProps } from "./RecordDialog";
import styles from "./Recording.module.css";
import { TEXTS } from "./texts";

/** Gives a text back to the voice. */
export function RemoveDialog({ prompt, onDone }: RecordProps) {
  const speaker = useSpeaker();
  const { say } = speaker;
  return (
    <Dialog
      title={say(TEXTS.removeTitle)}
      action={say(TEXTS.removeDo)}
      grave
      onSubmit={() => remove(prompt, speaker)}
      onDone={onDone}
    >
      <p lang={prompt.language} class={styles.text}>
        {prompt.text}
      </p>
      <p>{say(TEXTS.removeThen)}</p>
    </Dialog>
  );
}

/** Reloads the hotline, so that new calls hear what was recorded. */
export function UseDialog({ onUsed, onDone }: { onUsed: () => void; onDone: () => void }) {
  const { say } = useSpeaker();
  const use = () => ask("post", "/api/v1/reload").then(onUsed);
  return (
    <Dialog title={say(TEXTS.useTitle)} action={say(TEXTS.useDo)} onSubmit={use} onDone={onDone}>
      <p>{say(TEXTS.useAll)}</p>
      <p>{say(TEXTS.useCalls)}</p>
    </Dialog>
  );
}
