/** What queues, departments, menus, breaks and skills are called, as far as the person may know it. */

import { useAnswer } from "../api/answer";
import { ask } from "../api/client";
import type { NamesOut } from "../api/schema";
import { type Language, named, say } from "../texts/texts";
import { TEXTS } from "./texts";

const NONE: NamesOut = { queues: {}, departments: {}, menus: {}, breaks: {}, skills: {}, agents: {} };

/** Asked for once, and again for each other `queue`, of a call: the hotline may have changed. null: not yet. */
export function useNames(queue: string | null = null): NamesOut | null {
  const { answer, error } = useAnswer((signal) => ask("get", "/api/v1/names", {}, signal), [queue]);
  return answer ?? (error === null ? null : NONE);
}

/** Its name, else its id. */
export function called(names: NamesOut["queues"] | undefined, id: string, language: Language): string {
  return named(names?.[id] ?? {}, language) || id;
}

/** A skill: by its name, else by that of the queue that is called as the skill is, else by its id. */
export function skillCalled(names: NamesOut | null, skill: string, language: Language): string {
  return named(names?.skills[skill] ?? {}, language) || called(names?.queues, skill, language);
}

/** Why an agent is not ready, in the reader's language: one of the hotline's reasons was chosen in the language of whoever
 *  chose it. Other words stay as they are.
 */
export function reasonCalled(names: NamesOut | null, reason: string, language: Language): string {
  const known = Object.values(names?.breaks ?? {}).find((each) => Object.values(each).includes(reason));
  return known === undefined ? reason : named(known, language);
}

/** A place as emergency messages name it, `queue:water`: by its name, else by its id. Of a menu it says that it is one. */
export function placed(names: NamesOut | null, place: string, language: Language): string {
  const [kind, id = ""] = place.split(":");
  if (kind === "menu") return say(TEXTS.menu, language, { name: called(names?.menus, id, language) });
  return called(kind === "queue" ? names?.queues : kind === "sub_hotline" ? names?.departments : {}, id, language);
}
