import { KINDS } from "../../../api/tables";
import { useSpeaker } from "../../../texts/language";
import { NAMED } from "../kinds";
import { choiceOf, destinationOf, kindIn } from "./destination";
import { namedIn } from "./names";
import { TEXTS } from "./texts";
import { useFormsHere } from "./useForms";
import { at, type Path, type Value } from "./value";

interface DestinationProps {
  readonly path: Path;
  readonly label: string;
  /** The word where the file has nothing. */
  readonly none: string;
  /** Whether "once more" is a choice: in a menu. */
  readonly again?: boolean;
  /** What is done with a choice; left out: it is written at the path. Null: nothing is chosen. */
  readonly onChoose?: (to: Value) => void;
}

/** Where a call goes. What is more than one step, such as a message first, is shown and left to the file. */
export function Destination({ path, label, none, again = false, onChoose }: DestinationProps) {
  const { say, language } = useSpeaker();
  const { values, apply } = useFormsHere();
  const file = "hotline.yaml" as const;
  const value = at(values[file], ...path);
  const chosen = choiceOf(value);
  const kinds = [...NAMED, { key: "message", section: "queues", word: KINDS.message.word } as const];
  const groups = kinds.map((kind) => ({ ...kind, names: namedIn(values[file], kind.section, language) }));
  const known = groups.some(({ key, names }) => names.some(([name]) => `${key}:${name}` === chosen));
  const plain = ["", "other", "hangup:", ...(again ? ["repeat:"] : [])].includes(chosen);
  const choose = (choice: string) => {
    if (onChoose !== undefined) onChoose(choice === "" ? null : destinationOf(choice));
    else if (choice === "") void apply({ do: "remove", file, path });
    else if (choice !== chosen) void apply({ do: "set", file, path, value: destinationOf(choice) });
  };
  return (
    <select aria-label={label} value={chosen} onChange={({ currentTarget }) => choose(currentTarget.value)}>
      <option value="">{none}</option>
      {chosen === "other" && (
        <option value="other">
          {say(TEXTS.other, {
            what: kindIn(value)
              .map((kind) => (typeof kind === "string" ? kind : say(kind)))
              .join(", "),
          })}
        </option>
      )}
      {!known && !plain && <option value={chosen}>{chosen}</option>}
      {groups
        .filter(({ names }) => names.length > 0)
        .map(({ key, word, names }) => (
          <optgroup key={key} label={say(word)}>
            {names.map(([name, called]) => (
              <option key={name} value={`${key}:${name}`}>
                {called}
              </option>
            ))}
          </optgroup>
        ))}
      {again && <option value="repeat:">{say(KINDS.repeat.word)}</option>}
      <option value="hangup:">{say(KINDS.hangup.word)}</option>
    </select>
  );
}
