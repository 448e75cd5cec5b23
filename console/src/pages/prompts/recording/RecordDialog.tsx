import { useState } from "preact/hooks";
import type { PromptOut } from "../../../api/schema";
import { Dialog, type DialogProps } from "../../../frame/Dialog";
import fields from "../../../frame/Field.module.css";
import { useSpeaker } from "../../../texts/language";
import { keep } from "./keeping";
import styles from "./Recording.module.css";
import { Studio } from "./Studio";
import type { Take } from "./take";
import { TEXTS } from "./texts";

export interface RecordProps {
  prompt: PromptOut;
  onDone: () => void;
}

/** Records one text, or takes a file of it: heard before it is kept. */
export function RecordDialog({ prompt, onDone }: RecordProps) {
  const speaker = useSpeaker();
  const { say } = speaker;
  const [take, setTake] = useState<Take | null>(null);
  const kept: Pick<DialogProps, "action" | "onSubmit"> =
    take === null ? {} : { action: say(TEXTS.keep), onSubmit: () => keep(prompt, take.wav, speaker) };
  return (
    <Dialog title={say(TEXTS.recordTitle)} onDone={onDone} {...kept}>
      <figure class={styles.words}>
        <figcaption class={fields.hint}>{say(TEXTS.read)}</figcaption>
        <p lang={prompt.language}>{prompt.text}</p>
      </figure>
      <Studio onTake={setTake} />
      <p class={fields.hint}>{say(TEXTS.later)}</p>
    </Dialog>
  );
}
