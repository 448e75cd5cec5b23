import { useState } from "preact/hooks";
import { ask } from "../api/client";
import type { CalledFor } from "../api/schema";
import { Dialog } from "../frame/Dialog";
import fields from "../frame/Field.module.css";
import sheet from "../frame/Sheet.module.css";
import { useSpeaker } from "../texts/language";
import { named } from "../texts/texts";
import { TEXTS } from "./texts";

interface CallProps {
  agent: string;
  /** For which queues the agent may call: one at least. */
  queues: readonly CalledFor[];
  /** Whom to call; left out: it is typed. */
  number?: string;
  /** The queue that is proposed. */
  queue?: string | null;
  onClosed: () => void;
}

/** Has the agent's own phone call a citizen. */
export function CallDialog({ agent, queues, number = "", queue = null, onClosed }: CallProps) {
  const { say, language } = useSpeaker();
  const [typed, setTyped] = useState(number);
  const [chosen, setChosen] = useState((queues.find(({ id }) => id === queue) ?? queues[0])?.id ?? "");
  const submit = () =>
    ask("post", "/api/v1/agents/{agent_id}/dial", {
      path: { agent_id: agent },
      body: { number: typed.trim(), queue: chosen },
    });
  return (
    <Dialog
      title={say(TEXTS.title)}
      action={say(TEXTS.call)}
      narrow
      hindrance={typed.trim() === "" ? "" : null}
      onSubmit={submit}
      onDone={onClosed}
    >
      <p class={sheet.quiet}>{say(TEXTS.hint)}</p>
      <label class={fields.field}>
        {say(TEXTS.number)}
        <input
          type="tel"
          autocomplete="off"
          maxLength={40}
          value={typed}
          onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        />
      </label>
      <label class={fields.field}>
        {say(TEXTS.queue)}
        <select value={chosen} onChange={({ currentTarget }) => setChosen(currentTarget.value)}>
          {queues.map(({ id, name, shown }) => (
            <option key={id} value={id}>
              {say(TEXTS.queueAndNumber, { queue: named(name, language), shown })}
            </option>
          ))}
        </select>
      </label>
    </Dialog>
  );
}
