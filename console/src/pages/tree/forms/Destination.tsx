import { useSpeaker } from "../../../texts/language";
import { choiceOf, destinationOf } from "./destination";
import { useNamed } from "./names";
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
  const { say } = useSpeaker();
  const { values, apply } = useFormsHere();
  const file = "hotline.yaml" as const;
  const value = at(values[file], ...path);
  const chosen = choiceOf(value);
  const groups = [
    [TEXTS.queues, "queue", useNamed("queues")],
    [TEXTS.menus, "menu", useNamed("menus")],
    [TEXTS.lines, "sub_hotline", useNamed("sub_hotlines")],
  ] as const;
  const known = groups.some(([, kind, names]) => names.some(([name]) => `${kind}:${name}` === chosen));
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
        <option value="other">{say(TEXTS.other, { what: Object.keys(value ?? {}).join(", ") })}</option>
      )}
      {!known && !plain && <option value={chosen}>{chosen}</option>}
      {groups.map(([title, kind, names]) => (
        <optgroup key={kind} label={say(title)}>
          {names.map(([name, word]) => (
            <option key={name} value={`${kind}:${name}`}>
              {word}
            </option>
          ))}
        </optgroup>
      ))}
      {again && <option value="repeat:">{say(TEXTS.again)}</option>}
      <option value="hangup:">{say(TEXTS.hangup)}</option>
    </select>
  );
}
