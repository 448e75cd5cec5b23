import { useState } from "preact/hooks";
import { ask } from "../../api/client";
import type { StateIn } from "../../api/schema";
import { Dialog } from "../../frame/Dialog";
import fields from "../../frame/Field.module.css";
import type { Agent } from "../../live/board";
import { TEXTS as SKILLS } from "../../skills/texts";
import { StateMark } from "../../states/StateMark";
import { shown } from "../../states/states";
import { useSpeaker } from "../../texts/language";
import type { Text } from "../../texts/texts";
import styles from "./StateDialog.module.css";
import { TEXTS } from "./texts";

type Wanted = StateIn["state"];

const CHOICES: readonly (readonly [Wanted, Text])[] = [
  ["ready", TEXTS.toReady],
  ["not-ready", TEXTS.toNotReady],
  ["logged-out", TEXTS.toSignedOut],
];

const LONGEST_REASON = 100;

export interface StateProps {
  agent: Agent;
  onDone: () => void;
  /** Leads to what the agent knows and speaks. */
  onSkills: () => void;
}

/** Asks for another state of an agent, with a reason. Escape or Cancel changes nothing. */
export function StateDialog({ agent, onDone, onSkills }: StateProps) {
  const { say } = useSpeaker();
  const [wanted, setWanted] = useState<Wanted>(agent.state === "not-ready" ? "ready" : "not-ready");
  const [reason, setReason] = useState("");
  const change = () =>
    ask("put", "/api/v1/agents/{agent_id}/state", { path: { agent_id: agent.id }, body: { state: wanted, reason } });
  return (
    <Dialog
      title={say(TEXTS.changeTitle, { id: agent.id, name: agent.name })}
      action={say(TEXTS.change)}
      narrow
      elsewhere={{ word: say(SKILLS.open), go: onSkills }}
      onSubmit={change}
      onDone={onDone}
    >
      <p>
        <StateMark state={shown(agent)} />
      </p>
      {agent.call_id !== null && <p class={fields.hint}>{say(TEXTS.afterCall)}</p>}
      <fieldset class={styles.choices}>
        <legend class="spoken">{say(TEXTS.newState)}</legend>
        {CHOICES.map(([state, word]) => (
          <label key={state}>
            <input
              type="radio"
              name="state"
              checked={wanted === state}
              autofocus={wanted === state}
              onChange={() => setWanted(state)}
            />
            {say(word)}
          </label>
        ))}
      </fieldset>
      <label class={fields.field}>
        {say(TEXTS.reason)}
        <input
          value={reason}
          maxLength={LONGEST_REASON}
          aria-describedby="reason-hint"
          onInput={({ currentTarget }) => setReason(currentTarget.value)}
        />
        <small id="reason-hint">{say(TEXTS.reasonHint)}</small>
      </label>
    </Dialog>
  );
}
