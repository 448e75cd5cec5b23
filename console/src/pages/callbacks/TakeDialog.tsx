import { useState } from "preact/hooks";
import { ask } from "../../api/client";
import { Dialog } from "../../frame/Dialog";
import fields from "../../frame/Field.module.css";
import { grouped } from "../../frame/grouped";
import sheet from "../../frame/Sheet.module.css";
import { useSpeaker } from "../../texts/language";
import { clock, fromField } from "../../time/zone";
import type { CancelProps } from "./CancelDialog";
import { TEXTS } from "./texts";

/** Milliseconds for which a callback is taken if nobody says otherwise. */
const USUAL = 30 * 60_000;

/** Asks until when somebody calls a citizen, before the queue does again. */
export function TakeDialog({ of, onChanged, onClosed }: CancelProps) {
  const { say } = useSpeaker();
  const [until, setUntil] = useState(() =>
    clock(Date.now() + USUAL)
      .slice(0, 16)
      .replace(" ", "T"),
  );
  const at = fromField(until);
  const submit = async () => {
    const body = { until: new Date(at).toISOString() };
    await ask("post", "/api/v1/callbacks/{callback_id}/take", { path: { callback_id: of.id }, body });
    onChanged();
  };
  return (
    <Dialog
      title={say(TEXTS.takeTitle, { number: grouped(of.number).join(" ") })}
      action={say(TEXTS.take)}
      narrow
      hindrance={Number.isNaN(at) ? "" : null}
      onSubmit={submit}
      onDone={onClosed}
    >
      <p class={sheet.quiet}>{say(TEXTS.takeHint)}</p>
      <label class={fields.field}>
        {say(TEXTS.until)}
        <input
          type="datetime-local"
          required
          value={until}
          onInput={({ currentTarget }) => setUntil(currentTarget.value)}
        />
      </label>
    </Dialog>
  );
}
