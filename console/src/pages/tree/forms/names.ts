/** What sections of the hotline's file are called, for lists to choose from. */

import { useSpeaker } from "../../../texts/language";
import type { Language } from "../../../texts/texts";
import { useFormsHere } from "./useForms";
import { at, entries, items, skillName, spoken, type Value } from "./value";

export type Section = "queues" | "menus" | "sub_hotlines" | "opening_hours" | "calendars";

/** Name in the file and word of each. */
export function useNamed(section: Section): readonly (readonly [string, string])[] {
  const { values } = useFormsHere();
  const { language } = useSpeaker();
  return namedIn(values["hotline.yaml"], section, language);
}

/** The same of a section of that file. */
export function namedIn(
  hotline: Value | undefined,
  section: string,
  language: Language,
): readonly (readonly [string, string])[] {
  return Object.entries(entries(at(hotline, section))).map(([name, value]) => {
    const said = spoken(at(value, "name"), language);
    return [name, said === "" || said === name ? name : `${said} (${name})`] as const;
  });
}

/** Every skill that has a name, that a queue needs, at once or later, or that an agent has: name in the file and word. */
export function useSkills(): readonly (readonly [string, string])[] {
  const { values } = useFormsHere();
  const { language } = useSpeaker();
  const hotline = values["hotline.yaml"];
  const found = new Set(Object.keys(entries(at(hotline, "skills"))));
  const add = (skills: Value) => {
    for (const skill of Object.keys(entries(skills))) found.add(skill);
  };
  for (const queue of Object.values(entries(at(hotline, "queues"))))
    for (const step of [queue, ...items(at(queue, "relax"))]) add(at(step, "needs"));
  for (const agent of items(at(values["agents.yaml"], "agents"))) add(at(agent, "skills"));
  return [...found].sort().map((skill) => [skill, skillName(hotline, skill, language)] as const);
}
