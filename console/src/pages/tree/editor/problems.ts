/** What `check` says, as the editor marks it. */

import type { Diagnostic } from "@codemirror/lint";
import type { Text } from "@codemirror/state";
import type { ProblemOut } from "../../../api/schema";

/** The position of a line and a column, both from 1; what is beyond the text is its end. */
export function position(text: Text, line: number, column: number): number {
  if (line < 1) return 0;
  if (line > text.lines) return text.length;
  const { from, to } = text.line(line);
  return Math.min(from + Math.max(column - 1, 0), to);
}

/** Marked is the word at the place that `check` names, or what is left of the line. */
export function diagnostics(text: Text, problems: readonly ProblemOut[]): Diagnostic[] {
  return problems
    .map((problem) => {
      const from = position(text, problem.line, problem.column);
      const line = text.lineAt(from);
      const word = /^("[^"]*"|'[^']*'|[^\s,:{}[\]]+)/.exec(line.text.slice(from - line.from))?.[0] ?? "";
      const to = word === "" ? Math.max(line.to, from) : from + word.length;
      const message = problem.hint ? `${problem.message}\n${problem.hint}` : problem.message;
      return { from, to, severity: problem.level === "error" ? ("error" as const) : ("warning" as const), message };
    })
    .sort((one, other) => one.from - other.from);
}
