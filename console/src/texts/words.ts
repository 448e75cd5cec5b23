/** Words that are put together: lists, names of languages. Pure. */

import type { Language } from "./texts";

/** `a、b` or `a, b`. */
export function listed(words: readonly string[], language: Language): string {
  return words.join(language === "zh" ? "、" : ", ");
}

/** The name of the language with that tag, as `zh` → `Chinese`; the tag where it has none. */
export function languageName(tag: string, language: Language): string {
  try {
    return new Intl.DisplayNames([language === "zh" ? "zh-CN" : "en"], { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag; // it is no tag of a language
  }
}
