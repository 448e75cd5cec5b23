import type { NamesOut } from "../../../api/schema";
import { called } from "../../../frame/names";
import { useSpeaker } from "../../../texts/language";
import type { Text } from "../../../texts/texts";
import { TEXTS } from "./texts";

interface PlacesProps {
  names: NamesOut | null;
  /** Whether menus are among them. */
  menus?: boolean;
  /** Says the name of each as `after`; left out: the name alone. */
  text?: Text;
}

/** The options of a choice of a place: queues, departments, and menus if wanted, each kind under its word. */
export function Places({ names, menus = false, text }: PlacesProps) {
  const { say, language } = useSpeaker();
  const kinds = [
    [TEXTS.queues, "queue", names?.queues],
    [TEXTS.departments, "sub_hotline", names?.departments],
    [TEXTS.menus, "menu", menus ? names?.menus : undefined],
  ] as const;
  return (
    <>
      {kinds.map(([word, kind, known]) => {
        const ids = Object.keys(known ?? {});
        if (ids.length === 0) return null;
        return (
          <optgroup key={kind} label={say(word)}>
            {ids.map((id) => {
              const name = called(known, id, language);
              return (
                <option key={id} value={`${kind}:${id}`}>
                  {text === undefined ? name : say(text, { after: name })}
                </option>
              );
            })}
          </optgroup>
        );
      })}
    </>
  );
}
