import { useStore } from "../../frame/store";
import type { Trial } from "../../live/board";
import { board } from "../../live/live";
import { useSpeaker } from "../../texts/language";
import { listed } from "../../texts/words";
import { moment } from "../../time/format";
import { behind, changed, type InUse } from "./draft";
import styles from "./Tree.module.css";
import { TEXTS } from "./texts";
import type { Drafting } from "./useDraft";

interface HeadProps {
  readonly inUse: InUse;
  readonly drafting: Drafting;
  /** Null: the person changes nothing. */
  readonly onCompare: (() => void) | null;
}

/** Which version is in use, and how the draft stands to it. */
export function Head({ inUse, drafting, onCompare }: HeadProps) {
  const { say, language } = useSpeaker();
  const { kept, reset, bringBack, keepOver } = drafting;
  const { version, author } = inUse;
  const trial = useStore(board)?.trial ?? null;
  const files = kept === null ? [] : changed(kept.files, inUse.files);
  return (
    <>
      <span class={styles.quiet} data-version={version}>
        {say(TEXTS.inUse, { version, author, at: moment(inUse.at).slice(0, 16) })}
      </span>
      <span role="status" class={styles.quiet} data-trial={trial?.verdict}>
        {trial !== null &&
          isNews(trial, inUse) &&
          say(trial.ended === null ? TEXTS.onTrial : TEXTS.takenBack, { number: trial.number, percent: trial.percent })}
      </span>
      <span role="status" class={styles.end} data-draft={kept !== null}>
        {kept !== null
          ? say(TEXTS.draft, { files: listed(files, language) })
          : say(bringBack === null ? TEXTS.draftNone : TEXTS.wasReset)}
      </span>
      {kept !== null && onCompare !== null && (
        <button type="button" onClick={onCompare}>
          {say(TEXTS.compare)}
        </button>
      )}
      {kept !== null && (
        <button type="button" onClick={reset}>
          {say(TEXTS.reset)}
        </button>
      )}
      {bringBack !== null && (
        <button type="button" onClick={bringBack}>
          {say(TEXTS.bringBack)}
        </button>
      )}
      {kept !== null && behind(kept, inUse) && (
        <div class={styles.behind} role="alert" data-behind>
          {say(TEXTS.draftBehind, { from: kept.version, now: version, author, note: inUse.note || say(TEXTS.noNote) })}
          <button type="button" onClick={keepOver}>
            {say(TEXTS.keepOver)}
          </button>
        </div>
      )}
    </>
  );
}

/** It runs, or was taken back since anything was published last. */
function isNews({ verdict, ended }: Trial, { at }: InUse): boolean {
  return ended === null || (verdict === "taken-back" && Date.parse(ended) > Date.parse(at));
}
