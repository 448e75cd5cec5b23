/** The language of the page: the browser's, or the reader's choice. */

import { kept } from "../frame/kept";
import { useStore } from "../frame/store";
import { LANGUAGES, type Language, preferred, say, type Text, type Values } from "./texts";

export const language = kept<Language>("language", LANGUAGES, preferred(navigator.languages));

/** Tell the browser which language the page has, now and whenever it changes. */
export function applyLanguage(root: HTMLElement): void {
  const apply = () => {
    root.lang = language.get() === "zh" ? "zh-CN" : "en";
  };
  language.follow(apply);
  apply();
}

export interface Speaker {
  language: Language;
  say(text: Text, values?: Values): string;
}

/** Says texts in the language of the page; the component is drawn again when that changes. */
export function useSpeaker(): Speaker {
  const now = useStore(language);
  return { language: now, say: (text, values) => say(text, now, values) };
}
