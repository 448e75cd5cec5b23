/** What queues, departments, menus and breaks are called, as far as the person may know it. */

import { useAnswer } from "../api/answer";
import { ask } from "../api/client";
import type { NamesOut } from "../api/schema";
import { type Language, named, say } from "../texts/texts";
import { TEXTS } from "./texts";

const NONE: NamesOut = { queues: {}, departments: {}, menus: {}, breaks: {}, agents: {} };

/** Asked for once, and again for each other `queue`, of a call: the hotline may have changed. null: not yet. */
export function useNames(queue: string | null = null): NamesOut | null {
  const { answer, error } = useAnswer((signal) => ask("get", "/api/v1/names", {}, signal), [queue]);
  return answer ?? (error === null ? null : NONE);
}

/** Its name, else its id. */
export function called(names: NamesOut["queues"] | undefined, id: string, language: Language): string {
  return named(names?.[id] ?? {}, language) || id;
}

/** A place as emergency messages name it, `queue:water`: by its name, else by its id. Of a menu it says that it is one. */
export function placed(names: NamesOut | null, place: string, language: Language): string {
  const [kind, id = ""] = place.split(":");
  if (kind === "menu") return say(TEXTS.menu, language, { name: called(names?.menus, id, language) });
  return called(kind === "queue" ? names?.queues : kind === "sub_hotline" ? names?.departments : {}, id, language);
}
