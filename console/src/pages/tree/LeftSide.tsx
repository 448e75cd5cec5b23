import { useState } from "preact/hooks";
import { failure } from "../../frame/failure";
import { useSpeaker } from "../../texts/language";
import { Chosen } from "./Chosen";
import { spoken } from "./kinds";
import type { Draft } from "./model";
import { Outline } from "./picture/Outline";
import { Picture } from "./picture/Picture";
import { type Days, useSeen } from "./seen";
import { Tabs } from "./Tabs";
import styles from "./Tree.module.css";
import { TEXTS } from "./texts";
import { placeOf } from "./ways";

const SPANS = [
  [0, TEXTS.showToday],
  [7, TEXTS.showWeek],
  [31, TEXTS.showMonth],
] as const;

interface LeftSideProps {
  /** What is edited; null: the person edits nothing. */
  readonly draft: Draft | null;
  /** It differs from what is in use. */
  readonly edited: boolean;
  /** The version with which a pane compares the draft: that is shown then. Null: none does. */
  readonly against: number | null;
  readonly chosen: string | null;
  readonly here: string | null;
  readonly onChoose: (place: string) => void;
  /** Null: the person may not see the files. */
  readonly onOpen: ((place: string) => void) | null;
}

/** The tree, as a picture or as a list, and the chosen place below it. */
export function LeftSide({ draft, edited, against, chosen, here, onChoose, onOpen }: LeftSideProps) {
  const speaker = useSpeaker();
  const { say, language } = speaker;
  const [form, setForm] = useState<"picture" | "list">("picture");
  const [days, setDays] = useState<Days>(0);
  const [wanted, setWanted] = useState<"inUse" | "draft">("inUse");
  const shown = against !== null ? "draft" : edited ? wanted : "inUse";
  const seenDraft = shown === "draft" ? draft : null;
  const { outline, error } = useSeen(language, seenDraft, against ?? draft?.version ?? 0, days);
  const label = outline === null ? "" : say(TEXTS.pictureOf, { name: outline.title });
  const name = (place: string) => {
    const found = placeOf(outline, place);
    return found === null ? place : spoken(found, speaker);
  };
  const open = onOpen ?? onChoose;
  return (
    <section class={styles.side} aria-label={say(TEXTS.left)}>
      <div class={styles.bar}>
        <Tabs
          label={say(TEXTS.left)}
          tabs={[
            ["picture", say(TEXTS.picture)],
            ["list", say(TEXTS.list)],
          ]}
          shown={form}
          panel="tree-shown"
          onShow={setForm}
        />
        <select
          class={styles.end}
          aria-label={say(TEXTS.shown)}
          value={shown === "draft" ? "draft" : days}
          disabled={against !== null}
          onChange={({ currentTarget: { value } }) => {
            setWanted(value === "draft" ? "draft" : "inUse");
            setDays(SPANS.find(([span]) => String(span) === value)?.[0] ?? days);
          }}
        >
          {SPANS.map(([span, words]) => (
            <option key={span} value={span}>
              {say(words)}
            </option>
          ))}
          <option value="draft" disabled={!edited}>
            {say(TEXTS.showDraft)}
          </option>
        </select>
      </div>
      {error !== null && (
        <p class={styles.refused} role="alert">
          {failure(error, speaker)}
        </p>
      )}
      <div class={styles.pane} id="tree-shown" role="tabpanel" aria-label={label} data-shown={shown}>
        {outline === null && error === null && <p class={styles.note}>{say(TEXTS.drawing)}</p>}
        {outline !== null && form === "picture" && (
          <Picture
            svg={outline.svg ?? ""}
            label={label}
            name={name}
            chosen={chosen}
            here={here}
            onChoose={onChoose}
            onOpen={open}
          />
        )}
        {outline !== null && form === "list" && (
          <Outline outline={outline} label={label} chosen={chosen} onChoose={onChoose} onOpen={open} />
        )}
      </div>
      {outline !== null && (
        <Chosen
          outline={outline}
          days={shown === "draft" ? 0 : days}
          chosen={chosen}
          onChoose={onChoose}
          onOpen={onOpen}
        />
      )}
    </section>
  );
}
