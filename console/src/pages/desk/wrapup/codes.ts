/** Wrap-up codes: which of them somebody means. Pure. */

import type { CodeOut } from "../../../api/schema";
import { type Language, named } from "../../../texts/texts";

/** The codes whose code or name, in whatever language, has what was typed; those that begin with it first. */
export function matching(codes: readonly CodeOut[], typed: string): CodeOut[] {
  const wanted = typed.trim().toLowerCase();
  const words = ({ code, name }: CodeOut) => [code, ...Object.values(name)].map((word) => word.toLowerCase());
  const found = codes.filter((code) => words(code).some((word) => word.includes(wanted)));
  const begins = (code: CodeOut) => words(code).some((word) => word.startsWith(wanted));
  return [...found.filter(begins), ...found.filter((code) => !begins(code))];
}

/** The code under a digit of the keyboard: the first nine have one. */
export function under(key: string, codes: readonly CodeOut[]): CodeOut | undefined {
  return /^[1-9]$/.test(key) ? codes[Number(key) - 1] : undefined;
}

/** The next place in a list of that length; the ends hold. */
export function moved(at: number, key: string, length: number): number {
  const steps: Readonly<Record<string, number>> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: length - 1 };
  return Math.max(0, Math.min(steps[key] ?? at, length - 1));
}

/** `Answered`. A code of figures is known by them, as on a form: `11 · Answered`. */
export function shown({ code, name }: CodeOut, language: Language): string {
  const word = named(name, language);
  return /^\d+$/.test(code) && word !== code ? `${code} · ${word}` : word;
}
