/** The editor, CodeMirror 6, in a shadow root: there its styles need no `style` element, which the page's
 *  Content-Security-Policy forbids. One view; each file has a state of its own, so undo stays within a file.
 */

import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, codeFolding, foldGutter, foldKeymap, indentUnit } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import {
  Compartment,
  EditorState,
  type Extension,
  StateEffect,
  StateField,
  type TransactionSpec,
} from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import type { ProblemOut } from "../../../api/schema";
import { FILES, type FileName } from "../model";
import { help, type Knowledge } from "./help";
import { indented } from "./indenting";
import { diagnostics, position } from "./problems";
import { looks } from "./theme";
import type { Range } from "./yaml";

export interface Wishes {
  readonly know: (file: FileName) => Knowledge;
  /** Said of the field to readers of the screen. */
  readonly label: (file: FileName) => string;
  readonly phrases: Readonly<Record<string, string>>;
  readonly readOnly: boolean;
  /** The person, or `put`, has changed the text. */
  readonly onText: (file: FileName, text: string) => void;
  /** The person has moved the cursor. */
  readonly onCursor: (file: FileName, at: number) => void;
  /** Escape: the person wants to leave. */
  readonly onLeave: () => void;
}

export interface Editor {
  show(file: FileName): void;
  /** Another text for the file; it can be undone. */
  put(file: FileName, text: string): void;
  mark(file: FileName, problems: readonly ProblemOut[]): void;
  /** The lines of the chosen place; null: none. `scroll`: bring them into sight. */
  choose(range: Range | null, scroll: boolean): void;
  goTo(line: number, column: number): void;
  focus(): void;
  destroy(): void;
}

const chosen = StateEffect.define<Range | null>();

const chosenLines = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(lines, transaction) {
    let found = lines.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(chosen)) continue;
      const marks = [];
      if (effect.value !== null) {
        const { doc } = transaction.state;
        const last = doc.lineAt(Math.min(effect.value.to, doc.length)).number;
        for (let line = doc.lineAt(Math.min(effect.value.from, doc.length)).number; line <= last; line += 1) {
          marks.push(Decoration.line({ class: "cm-chosen" }).range(doc.line(line).from));
        }
      }
      found = Decoration.set(marks);
    }
    return found;
  },
  provide: (field) => EditorView.decorations.from(field),
});

export function edit(root: ShadowRoot, texts: Readonly<Partial<Record<FileName, string>>>, wishes: Wishes): Editor {
  let shown: FileName = FILES[0];
  const states = new Map<FileName, EditorState>();
  const locked = new Compartment();
  const common: Extension = [
    lineNumbers(),
    highlightActiveLineGutter(),
    lintGutter(),
    foldGutter(),
    codeFolding(),
    history(),
    drawSelection(),
    highlightActiveLine(),
    highlightSelectionMatches(),
    bracketMatching(),
    closeBrackets(),
    search({ top: false }),
    indentUnit.of("  "),
    indented,
    EditorState.tabSize.of(2),
    EditorView.lineWrapping,
    EditorState.phrases.of(wishes.phrases),
    yaml(),
    looks,
    chosenLines,
    locked.of([EditorState.readOnly.of(wishes.readOnly), EditorView.editable.of(true)]),
  ];
  const leave = () => {
    wishes.onLeave();
    return true;
  };
  const begun = (file: FileName) =>
    EditorState.create({
      doc: texts[file] ?? "",
      extensions: [
        common,
        help(() => wishes.know(file)),
        EditorView.contentAttributes.of({ "aria-label": wishes.label(file), tabindex: "0" }),
        keymap.of([
          ...closeBracketsKeymap,
          ...searchKeymap,
          ...lintKeymap,
          ...foldKeymap,
          ...historyKeymap,
          ...(wishes.readOnly ? [] : [indentWithTab]),
          ...defaultKeymap,
          { key: "Escape", run: leave },
        ]),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) wishes.onText(file, update.state.doc.toString());
          const byHand = update.transactions.some((each) => each.isUserEvent("select") || each.isUserEvent("input"));
          if (byHand) wishes.onCursor(file, update.state.selection.main.head);
        }),
      ],
    });
  for (const file of FILES) states.set(file, begun(file));
  const view = new EditorView({ root, parent: root, state: states.get(shown) ?? begun(shown) });
  const change = (file: FileName, spec: (state: EditorState) => TransactionSpec) => {
    if (file === shown) view.dispatch(spec(view.state));
    else {
      const state = states.get(file) ?? begun(file);
      const next = state.update(spec(state));
      states.set(file, next.state);
      if (next.docChanged) wishes.onText(file, next.state.doc.toString());
    }
  };
  const show = (file: FileName) => {
    if (file === shown) return;
    states.set(shown, view.state);
    shown = file;
    view.setState(states.get(file) ?? begun(file));
  };
  return {
    show,
    put: (file, text) =>
      change(file, ({ doc }) =>
        doc.toString() === text ? {} : { changes: { from: 0, to: doc.length, insert: text } },
      ),
    mark: (file, problems) => change(file, (state) => setDiagnostics(state, diagnostics(state.doc, problems))),
    choose: (range, scroll) =>
      change("hotline.yaml", ({ doc }) => {
        const at = Math.min(range?.from ?? 0, doc.length);
        const scrolled = EditorView.scrollIntoView(at, { y: "start", yMargin: 24 });
        if (range === null || !scroll) return { effects: chosen.of(range) };
        return { effects: [chosen.of(range), scrolled], selection: { anchor: at } };
      }),
    goTo: (line, column) => {
      const at = position(view.state.doc, line, column);
      view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
    },
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
}
