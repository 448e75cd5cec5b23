import { useState } from "preact/hooks";
import { useSpeaker } from "../texts/language";
import styles from "./Secret.module.css";
import { TEXTS } from "./texts";

/** Something that is shown only now, easy to copy: a click marks all of it. */
export function Secret({ label, value }: { label: string; value: string }) {
  const { say } = useSpeaker();
  const [copied, setCopied] = useState(false);
  return (
    <div class={styles.secret}>
      <span>{label}</span>
      <output>{value}</output>
      {navigator.clipboard && (
        <button
          type="button"
          onClick={() =>
            void navigator.clipboard.writeText(value).then(
              () => setCopied(true),
              () => {}, // not allowed here: the reader marks it
            )
          }
        >
          {say(copied ? TEXTS.copied : TEXTS.copy)}
        </button>
      )}
    </div>
  );
}
