/** The table of calls as a file for a spreadsheet. Pure. */

export type Cell = string | number | null;

/** Excel takes a file for UTF-8 only if it begins with this. */
const MARK = "\uFEFF";

/** What a spreadsheet would take for a formula; one that is set to Chinese takes the wide signs, too. Callers choose the
 *  names that their phones send. */
const FORMULA = /^[=+\-@＝＋－＠\t\r\n]/;
const PLUS_AND_DIGITS = /^\+[\d* ]+$/;

/** Lines end as RFC 4180 says. */
export function csv(rows: readonly (readonly Cell[])[]): string {
  return MARK + rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

function cell(value: Cell): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const cell = FORMULA.test(value) && !PLUS_AND_DIGITS.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
