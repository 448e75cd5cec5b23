import type { RefObject } from "preact";
import { useSpeaker } from "../../../texts/language";
import { FILES, type FileName } from "../model";
import { TEXTS } from "../texts";
import styles from "./Editor.module.css";

interface FileTabsProps {
  readonly tabs: RefObject<HTMLDivElement | null>;
  readonly file: FileName;
  /** The files that differ from what is in use. */
  readonly differing: readonly FileName[];
  readonly onFile: (file: FileName) => void;
}

export function FileTabs({ tabs, file, differing, onFile }: FileTabsProps) {
  const { say } = useSpeaker();
  const step = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by === undefined) return;
    const next = FILES[(FILES.indexOf(file) + by + FILES.length) % FILES.length] ?? file;
    onFile(next);
    tabs.current?.querySelector<HTMLElement>(`[data-file="${next}"]`)?.focus();
  };
  return (
    <div class={styles.tabs} role="tablist" aria-label={say(TEXTS.files)} ref={tabs} onKeyDown={step}>
      {FILES.map((each) => {
        const differs = differing.includes(each);
        return (
          <button
            key={each}
            type="button"
            role="tab"
            aria-selected={each === file}
            aria-controls="tree-file"
            aria-label={differs ? say(TEXTS.fileChanged, { file: each }) : each}
            tabIndex={each === file ? 0 : -1}
            data-plain
            data-file={each}
            onClick={() => onFile(each)}
          >
            {each}
            {differs ? " ●" : ""}
          </button>
        );
      })}
    </div>
  );
}
