/** Suggestions and explanations in the editor, from the schema of the file and the names of the draft. */

import {
  autocompletion,
  type CompletionContext,
  type CompletionResult,
  type Completion as Option,
  pickedCompletion,
  startCompletion,
} from "@codemirror/autocomplete";
import type { Extension } from "@codemirror/state";
import { type EditorView, hoverTooltip } from "@codemirror/view";
import { complete, meaning, type Suggestion } from "./completion";
import type { Names } from "./names";
import type { Schema } from "./schema";
import { parse } from "./yaml";

export interface Knowledge {
  /** Of the file that is edited; null: it has none. */
  readonly schema: Schema | null;
  readonly names: Names;
  /** `If left out: 15s` in the language of the page. */
  readonly usual: (value: string) => string;
}

/** `know` is asked each time. */
export function help(know: () => Knowledge): Extension {
  const source = (context: CompletionContext): CompletionResult | null => {
    const { schema, names, usual } = know();
    const text = context.state.doc.toString();
    const found = complete(text, context.pos, schema, names);
    if (found === null) return null;
    // Unasked, it appears where a word has been begun, or right behind `: ` and `{`.
    const before = text.slice(0, context.pos);
    if (!context.explicit && found.from === context.pos && !/([:,] |[{[])$/.test(before)) return null;
    return {
      from: found.from,
      to: found.to,
      options: found.suggestions.map((one) => option(one, usual)),
      validFor: /^[\w"*#-]*$/,
    };
  };
  return [
    autocompletion({ override: [source], icons: false, activateOnTyping: true }),
    hoverTooltip((view, at) => explained(view, at, know()), { hoverTime: 400 }),
  ];
}

function option(suggestion: Suggestion, usual: (value: string) => string) {
  const { label, write = label, info, kind, boost } = suggestion;
  const made: Option = { label, type: kind, apply: (view, picked, from, to) => insert(view, picked, write, from, to) };
  if (suggestion.usual) made.detail = usual("").trim();
  if (info !== undefined) made.info = info;
  if (boost !== undefined) made.boost = boost;
  return made;
}

/** Writes it, and suggests what comes next: behind a colon, or within the braces that it has brought. */
function insert(view: EditorView, picked: Option, write: string, from: number, to: number): void {
  const brace = write.endsWith("}");
  view.dispatch({
    changes: { from, to, insert: write },
    selection: { anchor: from + write.length - (brace ? 1 : 0) },
    annotations: pickedCompletion.of(picked),
    userEvent: "input.complete",
  });
  if (/: \}?$/.test(write)) startCompletion(view);
}

function explained(view: EditorView, at: number, { schema, usual }: Knowledge) {
  if (schema === null) return null;
  const found = meaning(parse(view.state.doc.toString()), at, schema);
  if (found === null) return null;
  const line = (words: string, name: string) => {
    const made = document.createElement("div");
    made.className = name;
    made.textContent = words;
    return made;
  };
  const create = () => {
    const dom = line("", "cm-help");
    dom.append(line(found.path, "cm-help-path"), line(found.description, "cm-help-text"));
    if (found.usual !== null) dom.append(line(usual(found.usual), "cm-help-text"));
    return { dom };
  };
  return { pos: found.from, end: found.to, above: true, create };
}
