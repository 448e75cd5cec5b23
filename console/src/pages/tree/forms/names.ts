/** What sections of the hotline's file are called, for lists to choose from. */

import { useSpeaker } from "../../../texts/language";
import { useFormsHere } from "./useForms";
import { at, entries, spoken } from "./value";

export type Section = "queues" | "menus" | "sub_hotlines" | "scopes" | "inputs" | "opening_hours" | "calendars";

/** Name in the file and word of each. */
export function useNamed(section: Section): readonly (readonly [string, string])[] {
  const { values } = useFormsHere();
  const { language } = useSpeaker();
  return Object.entries(entries(at(values["hotline.yaml"], section))).map(([name, value]) => {
    const said = spoken(at(value, "name"), language);
    return [name, said === "" || said === name ? name : `${said} (${name})`] as const;
  });
}

/** Every skill that a queue needs or an agent has. */
export function useSkills(): readonly string[] {
  const { values } = useFormsHere();
  const found = new Set<string>();
  for (const queue of Object.values(entries(at(values["hotline.yaml"], "queues"))))
    for (const skill of Object.keys(entries(at(queue, "needs")))) found.add(skill);
  const agents = at(values["agents.yaml"], "agents");
  for (const agent of Array.isArray(agents) ? agents : [])
    for (const skill of Object.keys(entries(at(agent, "skills")))) found.add(skill);
  return [...found].sort();
}
