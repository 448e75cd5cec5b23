import type { EmergencyNow } from "../../../api/schema";
import fields from "../../../frame/Field.module.css";
import { useSpeaker } from "../../../texts/language";
import { choices } from "./ends";
import { TEXTS } from "./texts";

export interface UntilProps {
  now: EmergencyNow;
  /** As the service takes it: `4h` or `06:00`. */
  until: string;
  onUntil: (until: string) => void;
}

const CLOCK = "clock";

/** So many hours, or a time of the hotline's clock. */
export function UntilField({ now, until, onUntil }: UntilProps) {
  const { say } = useSpeaker();
  const clock = until.includes(":") || until === "";
  return (
    <>
      <label class={fields.field}>
        {say(TEXTS.howLong)}
        <select
          value={clock ? CLOCK : until}
          onChange={({ currentTarget }) => onUntil(currentTarget.value === CLOCK ? "" : currentTarget.value)}
        >
          {choices(now.hours, now.most_hours).map((hours) => (
            <option key={hours} value={`${hours}h`}>
              {say(TEXTS.hours, { hours })}
            </option>
          ))}
          <option value={CLOCK}>{say(TEXTS.atTime)}</option>
        </select>
        <small>{say(TEXTS.most, { hours: now.most_hours })}</small>
      </label>
      {clock && (
        <label class={fields.field}>
          {say(TEXTS.clock, { zone: now.timezone })}
          <input type="time" required value={until} onInput={({ currentTarget }) => onUntil(currentTarget.value)} />
        </label>
      )}
    </>
  );
}
