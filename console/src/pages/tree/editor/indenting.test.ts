import { insertNewlineAndIndent } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { indentUnit } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { expect, test } from "vitest";
import { indentAfter, indented } from "./indenting";

/** The file that `init` writes; before each line the column of what is typed after it. */
const BEGUN = `
 0 hotline: "12319"                      # a short name, for logs and figures
 0 name: {zh: "热线", en: "Hotline"}
 0 languages: [zh, en]                   # the first is the default
 2 menus:
 4   main:
 6     say:
 6       zh: "人工服务请按0：For English, press 8."
 6       en: "To talk to a person # press 0."
 6     keys:                             # 0 is a person, in every menu
 6       "0": {queue: general}
 6       "*": {repeat: true}
 6       # "1": {queue: greening}    # a subject: name its key in \`say\`
 2 queues:
 4   general:
 4     needs: {general: 1}               # agents with this skill, level 1 to 5
 6     overflow:                         # nobody is signed in
 6       - {nobody_signed_in: 0s, then: {sub_hotline: duty}}
 2 sub_hotlines:
 4   duty:
 4     dial: "1000"
`;

const LINES = BEGUN.trim()
  .split("\n")
  .map((line, place) => ({
    column: Number(line.slice(0, place === 0 ? 1 : 2)),
    line: line.slice(place === 0 ? 2 : 3),
  }));

test.each(LINES)("after $line", ({ column, line }) => {
  expect(indentAfter(line)).toBe(column);
});

test.each([
  ['  - id: "1001"', 4],
  ["  - skills:", 6],
  ["  - greening", 2],
  ["    say: |", 6],
  ["    say: it's five # o'clock", 4],
  ["   ", null],
  ["  then: {queue: general,", null],
  ['  say: "half of', null],
  ["", null],
])("after %s", (line, column) => {
  expect(indentAfter(line)).toBe(column);
});

test("Enter at the end of each line of the file", () => {
  const doc = LINES.map(({ line }) => line).join("\n");
  const begun = EditorState.create({ doc, extensions: [yaml(), indentUnit.of("  "), indented] });
  LINES.forEach(({ column, line }, place) => {
    let state = begun.update({ selection: { anchor: begun.doc.line(place + 1).to } }).state;
    insertNewlineAndIndent({ state, dispatch: (made) => (state = made.state) });
    expect(state.doc.line(place + 2).text, line).toBe(" ".repeat(column));
  });
});
