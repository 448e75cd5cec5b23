/** Where the next line of a YAML file begins when Enter is pressed. CodeMirror's YAML puts it beside a key without a value,
 *  where nothing but another key can stand. Pure.
 */

import { indentService } from "@codemirror/language";

/** Columns of a level, as `init` writes files. */
const LEVEL = 2;

/** For the editor. */
export const indented = indentService.of((context, at) => indentAfter(context.lineAt(at, -1).text) ?? undefined);

/** `line`: what stands before the break. null: the grammar decides, as within brackets. */
export function indentAfter(line: string): number | null {
  const bare = withoutComment(line);
  const first = bare.search(/\S/);
  if (first === -1) return line.trim() === "" ? null : line.search(/\S/); // a comment: the next line stands below it
  if (opened(bare)) return null;
  const item = /^\s*(?:- +)+/.exec(bare)?.[0].length;
  const mapping = /^(?:"[^"]*"|'[^']*'|[^\s"'{[&|>#-][^:]*):(?:\s|$)/.test(bare.slice(item ?? first));
  const column = item !== undefined && mapping ? item : first;
  return mapping && /:(?:\s+[|>][+-]?)?$/.test(bare) ? column + LEVEL : column;
}

/** Quotation marks and brackets that begin here, and do not end here. */
function opened(bare: string): boolean {
  const plain = bare.replace(/"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'/g, "");
  const count = (of: RegExp) => plain.match(of)?.length ?? 0;
  return count(/[[{]/g) !== count(/[\]}]/g) || /(?:^|[\s:[{,])["'][^"']*$/.test(plain);
}

/** A `#` begins a comment at the begin of a line or after a blank, but for one in quotation marks. */
function withoutComment(line: string): string {
  let quote = "";
  for (let at = 0; at < line.length; at += 1) {
    const here = line.charAt(at);
    const after = at === 0 || /\s/.test(line.charAt(at - 1));
    if (quote !== "") {
      if (here === "\\" && quote === '"') at += 1;
      else if (here === quote) quote = "";
    } else if ((here === '"' || here === "'") && (after || /[[{,:]/.test(line.charAt(at - 1)))) {
      quote = here;
    } else if (here === "#" && after) {
      return line.slice(0, at).trimEnd();
    }
  }
  return line.trimEnd();
}
