import type { Ref } from "preact";
import { useEffect, useImperativeHandle, useLayoutEffect, useRef, useState } from "preact/hooks";
import { failure } from "../../../frame/failure";
import { useSpeaker } from "../../../texts/language";
import type { Checked } from "../checked";
import { changed } from "../draft";
import { type Draft, FILES, type FileName, type Files, type Spot } from "../model";
import { Tabs } from "../Tabs";
import { TEXTS } from "../texts";
import styles from "./Editor.module.css";
import { Problems } from "./Problems";
import { phrases } from "./phrases";
import type { Schema } from "./schema";
import type { Editor } from "./setup";
import { useKnowledge } from "./useKnowledge";
import { parse, placeAt, rangeOf } from "./yaml";

/** What others let the editor do. */
export interface EditorHandle {
  /** Shows the lines of a place; `enter`: and goes there. */
  choose(place: string | null, enter: boolean): void;
  goTo(spot: Spot): void;
}

interface EditorProps {
  readonly handle: Ref<EditorHandle>;
  readonly draft: Draft;
  /** What the draft is now, whenever it is asked. */
  readonly current: () => Draft;
  readonly inUse: Files;
  readonly readOnly: boolean;
  readonly checked: Checked;
  readonly schemas: Readonly<Record<string, Schema>> | null;
  readonly onText: (file: FileName, text: string) => void;
  /** The cursor has come into the text of a place. */
  readonly onPlace: (place: string | null) => void;
}

/** The files of the draft, one at a time. CodeMirror is fetched when the panel is first there. */
export function EditorPanel(props: EditorProps) {
  const { handle, draft, current, inUse, readOnly, checked } = props;
  const speaker = useSpeaker();
  const { say } = speaker;
  const [file, setFile] = useState<FileName>(FILES[0]);
  const [editor, setEditor] = useState<Editor | null>(null);
  const host = useRef<HTMLDivElement>(null);
  const tabs = useRef<HTMLDivElement>(null);
  const latest = useRef(props);
  latest.current = props;
  const know = useKnowledge(latest);
  useLayoutEffect(() => {
    let made: Editor | null = null;
    let gone = false;
    void import("./setup").then(({ edit }) => {
      const element = host.current;
      if (gone || element === null) return;
      const root = element.shadowRoot ?? element.attachShadow({ mode: "open", delegatesFocus: true });
      made = edit(root, current().files, {
        know,
        label: (each) => say(TEXTS.file, { file: each }),
        phrases: phrases(say),
        readOnly,
        onText: (each, text) => latest.current.onText(each, text),
        onCursor(each, at) {
          if (each === "hotline.yaml") latest.current.onPlace(placeAt(parse(current().files[each] ?? ""), at));
        },
        onLeave: () => tabs.current?.querySelector<HTMLElement>("[aria-selected=true]")?.focus(),
      });
      setEditor(made);
    });
    return () => {
      gone = true;
      made?.destroy();
      setEditor(null);
    };
  }, [readOnly, say, know, current]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the draft is asked for as it is when this runs
  useEffect(() => {
    for (const each of FILES) editor?.put(each, current().files[each] ?? "");
  }, [editor, draft]);
  useEffect(() => editor?.show(file), [editor, file]);
  useEffect(() => {
    const problems = checked.found?.problems ?? [];
    for (const each of FILES)
      editor?.mark(
        each,
        problems.filter((problem) => problem.file === each),
      );
  }, [editor, checked.found]);

  const goTo = (spot: Spot) => {
    const there = FILES.find((each) => each === spot.file);
    if (there === undefined) return;
    setFile(there);
    editor?.show(there);
    editor?.goTo(spot.line, spot.column);
    editor?.focus();
  };
  useImperativeHandle(handle, () => ({
    choose(place, enter) {
      const range = place === null ? null : rangeOf(parse(current().files["hotline.yaml"] ?? ""), place);
      if (enter || range !== null) {
        setFile("hotline.yaml");
        editor?.show("hotline.yaml");
      }
      editor?.choose(range, place !== null);
      if (enter) editor?.focus();
    },
    goTo,
  }));
  const differing = changed(draft.files, inUse);
  const files = FILES.map((each) =>
    differing.includes(each)
      ? ([each, `${each} ●`, say(TEXTS.fileChanged, { file: each })] as const)
      : ([each, each] as const),
  );
  return (
    <div class={styles.panel}>
      <div class={styles.files} ref={tabs}>
        <Tabs label={say(TEXTS.files)} tabs={files} shown={file} panel="tree-file" onShow={setFile} />
      </div>
      <div
        class={styles.editor}
        id="tree-file"
        role="tabpanel"
        aria-label={file}
        ref={host}
        data-editor={editor === null ? "loading" : file}
      />
      <p class={styles.hint}>{say(readOnly ? TEXTS.readOnly : TEXTS.editorHint)}</p>
      {!readOnly && <Problems checked={checked} onSpot={goTo} />}
      {checked.error !== null && (
        <p class={styles.refused} role="alert">
          {failure(checked.error, speaker)}
        </p>
      )}
    </div>
  );
}
