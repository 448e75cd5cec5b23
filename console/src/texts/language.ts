/** The language of the page: the browser's, or the reader's choice. */

import { kept } from "../frame/kept";
import { useStore } from "../frame/store";
import { LANGUAGES, type Language, preferred, say, type Text, type Values } from "./texts";

export const language = kept<Language>("language", LANGUAGES, preferred(navigator.languages));

/** Let the browser know which language the page has, now and whenever it changes. */
export function applyLanguage(root: HTMLElement): void {
  const apply = () => {
    root.lang = language.get() === "zh" ? "zh-CN" : "en";
  };
  language.follow(apply);
  apply();
}

export interface Speaker {
  readonly language: Language;
  readonly say: (text: Text, values?: Values) => string;
}

const speaker = (language: Language): Speaker => ({ language, say: (text, values) => say(text, language, values) });

/** One each, so that what is drawn is drawn again only for another language. */
const SPEAKERS: Readonly<Record<Language, Speaker>> = { zh: speaker("zh"), en: speaker("en") };

/** Says texts in the language of the page; the component is drawn again when that changes. */
export function useSpeaker(): Speaker {
  return SPEAKERS[useStore(language)];
}
