import type { TargetedEvent, TargetedKeyboardEvent } from "preact";
import { useEffect, useId, useState } from "preact/hooks";
import fields from "../../../frame/Field.module.css";

interface TypedProps {
  readonly label: string;
  readonly value: string;
  readonly wrong: boolean;
  readonly hint?: string;
  readonly describedBy: string;
  readonly placeholder?: string;
  readonly long?: boolean;
  readonly onDone: (typed: string) => void;
}

/** A field that says what was typed once it is left, or Enter is pressed. Escape brings back what was there. */
export function Typed({ label, value, wrong, hint, describedBy, placeholder, long, onDone }: TypedProps) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  const id = useId();
  const given = {
    id,
    value: typed,
    placeholder,
    autocomplete: "off",
    "aria-invalid": wrong,
    "aria-describedby": describedBy,
    onInput: ({ currentTarget }: TargetedEvent<HTMLInputElement | HTMLTextAreaElement>) =>
      setTyped(currentTarget.value),
    onBlur: () => typed.trim() !== value && onDone(typed.trim()),
    onKeyDown: (event: TargetedKeyboardEvent<HTMLInputElement | HTMLTextAreaElement>) => {
      if (event.key === "Escape") setTyped(value);
      if (event.key === "Enter" && !long && !event.isComposing) event.currentTarget.blur();
    },
  } as const;
  return (
    <div class={fields.field}>
      <label for={id}>{label}</label>
      {long ? <textarea rows={3} {...given} /> : <input {...given} />}
      {hint !== undefined && <small>{hint}</small>}
    </div>
  );
}
