import type { WalkOut } from "../../../api/schema";
import field from "../../../frame/Field.module.css";
import { useSpeaker } from "../../../texts/language";
import { WALK } from "./texts";
import type { Caller } from "./walk";

export interface CallerFieldsProps {
  readonly caller: Caller;
  /** The walk so far: it knows what can be dialled, and what is spoken. */
  readonly walk: WalkOut | null;
  readonly onChange: (caller: Caller) => void;
}

/** Who calls, when, and which number. */
export function CallerFields({ caller, walk, onChange }: CallerFieldsProps) {
  const { say } = useSpeaker();
  const choice = (name: "number" | "language", title: string, choices: readonly string[]) => (
    <label class={field.field}>
      {title}
      <select
        value={caller[name]}
        onChange={({ currentTarget }) => onChange({ ...caller, [name]: currentTarget.value })}
      >
        <option value="">{say(WALK.usual)}</option>
        {[...new Set([...choices, ...(caller[name] ? [caller[name]] : [])])].map((each) => (
          <option key={each} value={each}>
            {each}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <>
      <label class={field.field}>
        {say(WALK.at)}
        <input
          type="datetime-local"
          value={caller.at}
          onInput={({ currentTarget }) => onChange({ ...caller, at: currentTarget.value })}
        />
      </label>
      {choice("number", say(WALK.number), walk?.numbers ?? [])}
      <label class={field.field}>
        {say(WALK.caller)}
        <input
          type="tel"
          value={caller.caller}
          maxLength={30}
          onInput={({ currentTarget }) => onChange({ ...caller, caller: currentTarget.value })}
        />
      </label>
      {choice("language", say(WALK.language), walk?.languages ?? [])}
    </>
  );
}
