/** How the editor looks: by the console's own tokens, so light and dark follow by themselves. */

import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const MONO = 'ui-monospace, "Cascadia Mono", "Source Code Pro", Menlo, Consolas, "Noto Sans Mono CJK SC", monospace';

const marked = (colour: string) => ({
  backgroundImage: "none",
  textDecoration: `underline wavy var(${colour})`,
  textUnderlineOffset: "3px",
  textDecorationSkipInk: "none",
});

const chrome = EditorView.theme({
  "&": { height: "100%", color: "var(--text)", backgroundColor: "var(--surface)", fontSize: "var(--text-s)" },
  "&.cm-focused": { outline: "2px solid var(--focus)", outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: MONO, lineHeight: "1.55" },
  ".cm-content": { caretColor: "var(--text)" },
  ".cm-cursor": { borderLeftColor: "var(--text)", borderLeftWidth: "2px" },
  ".cm-gutters": {
    color: "var(--quiet)",
    backgroundColor: "var(--surface)",
    borderRight: "1px solid var(--line)",
  },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "color-mix(in srgb, var(--hover) 55%, transparent)" },
  ".cm-chosen": { boxShadow: "inset 3px 0 var(--accent)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--accent) 30%, transparent)",
  },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": {
    backgroundColor: "transparent",
    outline: "1px solid var(--line-strong)",
  },
  ".cm-searchMatch": { backgroundColor: "var(--amber-ground)", outline: "1px solid var(--amber)" },
  ".cm-searchMatch-selected": { backgroundColor: "color-mix(in srgb, var(--accent) 35%, transparent)" },
  ".cm-foldPlaceholder": { color: "var(--quiet)", backgroundColor: "var(--hover)", border: "1px solid var(--line)" },
  ".cm-panels": { color: "var(--text)", backgroundColor: "var(--raised)", borderColor: "var(--line)" },
  ".cm-panels.cm-panels-bottom": { borderTop: "1px solid var(--line)" },
  ".cm-button, .cm-textfield": {
    color: "var(--text)",
    background: "var(--raised)",
    border: "1px solid var(--line-strong)",
    borderRadius: "var(--radius)",
    fontSize: "var(--text-s)",
  },
  ".cm-tooltip": {
    color: "var(--text)",
    backgroundColor: "var(--raised)",
    border: "1px solid var(--line-strong)",
    borderRadius: "var(--radius)",
    fontFamily: "var(--font)",
    fontSize: "var(--text-s)",
    maxWidth: "34rem",
    lineHeight: "1.45",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: MONO, maxHeight: "16em" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "2px 8px" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { color: "var(--on-accent)", backgroundColor: "var(--accent)" },
  ".cm-completionDetail": { fontStyle: "normal", opacity: "0.85" },
  ".cm-completionInfo": { padding: "6px 10px", maxWidth: "20rem" },
  ".cm-help": { padding: "6px 10px" },
  ".cm-help-path": { color: "var(--quiet)" },
  ".cm-diagnostic": { padding: "6px 10px", whiteSpace: "pre-line" },
  ".cm-diagnostic-error": { borderLeft: "4px solid var(--red)" },
  ".cm-diagnostic-warning": { borderLeft: "4px solid var(--amber)" },
  ".cm-lintRange-error": marked("--red"),
  ".cm-lintRange-warning": marked("--amber"),
  ".cm-lintPoint::after": { borderBottomColor: "var(--red)" },
  ".cm-lint-marker": { content: "none", width: "1em", height: "1em", lineHeight: "1", textAlign: "center" },
  ".cm-lint-marker-error": { color: "var(--red)" },
  ".cm-lint-marker-error::after": { content: '"✖"' },
  ".cm-lint-marker-warning": { color: "var(--amber)" },
  ".cm-lint-marker-warning::after": { content: '"▲"' },
});

/** Few colours: what a person names, what is a text, what nobody runs. */
const colours = HighlightStyle.define([
  { tag: [tags.definition(tags.propertyName), tags.propertyName], color: "var(--accent)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--ready)" },
  { tag: [tags.lineComment, tags.comment], color: "var(--quiet)", fontStyle: "italic" },
  { tag: [tags.keyword, tags.typeName, tags.labelName, tags.meta], color: "var(--wrap-up)" },
  { tag: [tags.separator, tags.squareBracket, tags.brace, tags.punctuation], color: "var(--quiet)" },
]);

export const looks: Extension = [chrome, syntaxHighlighting(colours)];
