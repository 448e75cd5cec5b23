import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { useAnswer } from "../../api/answer";
import { ask } from "../../api/client";
import { follow } from "../../live/live";
import { useSpeaker } from "../../texts/language";
import { useCheck } from "./checked";
import type { InUse } from "./draft";
import { Emergency } from "./Emergency";
import { type EditorHandle, EditorPanel } from "./editor/EditorPanel";
import type { Schema } from "./editor/schema";
import { TEXTS as EMERGENCY } from "./emergency/texts";
import { Forms } from "./forms/Forms";
import { TEXTS as FORMS } from "./forms/texts";
import { Head } from "./Head";
import { LeftSide } from "./LeftSide";
import type { PaneProps, PlaceName, Spot } from "./model";
import { PANES } from "./panes/panes";
import { Tabs } from "./Tabs";
import styles from "./Tree.module.css";
import { TEXTS } from "./texts";
import { useDraft } from "./useDraft";

/** The id of what the tabs beside the picture change. */
const PANEL = "tree-pane";

interface WorkbenchProps {
  readonly person: string;
  readonly inUse: InUse;
  readonly readOnly: boolean;
  readonly onPublished: () => void;
}

/** Picture and draft side by side. */
export function Workbench({ person, inUse, readOnly, onPublished }: WorkbenchProps) {
  const { say, language } = useSpeaker();
  useEffect(follow, []);
  const drafting = useDraft(person, inUse);
  const { draft, kept, current, write } = drafting;
  const [chosen, setChosen] = useState<PlaceName | null>(null);
  const [here, setHere] = useState<PlaceName | null>(null);
  const [against, setAgainst] = useState<number | null>(null);
  const [jump, setJump] = useState<Spot | { place: PlaceName } | null>(null);
  const [pane, setPane] = useState<string>("files");
  const editor = useRef<EditorHandle>(null);
  const checked = useCheck(readOnly ? null : draft.files, language);
  const { answer: schemas } = useAnswer((signal) => ask("get", "/api/v1/schema", {}, signal), []);

  const choose = useCallback((place: PlaceName) => {
    setChosen(place);
    editor.current?.choose(place, false);
  }, []);
  const open = useCallback((place: PlaceName) => {
    setChosen(place);
    setPane("files");
    setJump({ place });
  }, []);
  // Once the editor is in sight: what is hidden takes no focus.
  useLayoutEffect(() => {
    if (jump === null) return;
    if ("place" in jump) editor.current?.choose(jump.place, true);
    else editor.current?.goTo(jump);
    setJump(null);
  }, [jump]);
  const atCursor = useCallback((place: PlaceName | null) => setChosen(place), []);
  const given: PaneProps = {
    ...draft,
    onPlace: setHere,
    onMark: setAgainst,
    onSpot: useCallback((spot: Spot) => {
      setPane("files");
      setJump(spot);
    }, []),
    onPublished,
  };
  const tabs = useMemo(
    () => [
      ["files", say(TEXTS.files)] as const,
      ...(readOnly ? [] : [["forms", say(FORMS.title)] as const]),
      ...(readOnly ? [] : PANES).map(({ name, title }) => [name, say(title)] as const),
      ["emergency", say(EMERGENCY.title)] as const,
    ],
    [say, readOnly],
  );
  const other = PANES.find(({ name }) => name === pane);
  return (
    <>
      <div class={styles.head}>
        <h1>{say(TEXTS.title)}</h1>
        <Head inUse={inUse} drafting={drafting} onCompare={readOnly ? null : () => setPane("compare")} />
      </div>
      <div class={styles.sides}>
        <LeftSide
          draft={draft}
          edited={kept !== null}
          against={against}
          chosen={chosen}
          here={here}
          onChoose={choose}
          onOpen={open}
        />
        <section class={styles.side} aria-label={say(TEXTS.right)}>
          <div class={styles.bar}>
            <Tabs label={say(TEXTS.right)} tabs={tabs} shown={pane} panel={PANEL} onShow={setPane} />
          </div>
          <div class={styles.pane} hidden={pane !== "files"} id={pane === "files" ? PANEL : undefined}>
            <EditorPanel
              handle={editor}
              draft={draft}
              current={current}
              inUse={inUse.files}
              readOnly={readOnly}
              checked={checked}
              schemas={schemas as Readonly<Record<string, Schema>> | null}
              onText={write}
              onPlace={atCursor}
            />
          </div>
          {pane === "forms" && (
            <div class={styles.pane} role="tabpanel" id={PANEL} aria-label={say(FORMS.title)} data-pane={pane}>
              <div class={styles.padded}>
                <Forms drafting={drafting} chosen={chosen} onSpot={given.onSpot} />
              </div>
            </div>
          )}
          {pane === "emergency" && (
            <div class={styles.pane} role="tabpanel" id={PANEL} aria-label={say(EMERGENCY.title)} data-pane={pane}>
              <div class={styles.padded}>
                <Emergency />
              </div>
            </div>
          )}
          {other !== undefined && (
            <div class={styles.pane} role="tabpanel" id={PANEL} aria-label={say(other.title)} data-pane={other.name}>
              <div class={styles.padded}>
                <other.Body key={other.name} {...given} />
              </div>
            </div>
          )}
        </section>
      </div>
    </>
  );
}
