import { useEffect, useRef, useState } from "preact/hooks";
import { ask } from "../../api/client";
import type { StateIn } from "../../api/schema";
import { failure } from "../../frame/failure";
import { TEXTS as FRAME } from "../../frame/texts";
import type { Agent } from "../../live/board";
import { StateMark } from "../../states/StateMark";
import { shown } from "../../states/states";
import { useSpeaker } from "../../texts/language";
import type { Text } from "../../texts/texts";
import styles from "./StateDialog.module.css";
import { TEXTS as SKILLS } from "./skills/texts";
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
  const speaker = useSpeaker();
  const { say } = speaker;
  const dialog = useRef<HTMLDialogElement>(null);
  const [wanted, setWanted] = useState<Wanted>(agent.state === "not-ready" ? "ready" : "not-ready");
  const [reason, setReason] = useState("");
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => dialog.current?.showModal(), []);

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      const body = { state: wanted, reason };
      await ask("put", "/api/v1/agents/{agent_id}/state", { path: { agent_id: agent.id }, body });
      dialog.current?.close();
    } catch (error) {
      setRefused(failure(error, speaker));
      setBusy(false);
    }
  };

  const toSkills = () => {
    dialog.current?.close(); // the focus goes back to the card, and from there to the next dialog
    onSkills();
  };

  return (
    <dialog class={styles.dialog} ref={dialog} aria-labelledby="change-title" onClose={onDone}>
      <form onSubmit={(event) => void submit(event)}>
        <h2 id="change-title">{say(TEXTS.changeTitle, { id: agent.id, name: agent.name })}</h2>
        <p>
          <StateMark state={shown(agent)} />
        </p>
        {agent.call_id !== null && <p class={styles.hint}>{say(TEXTS.afterCall)}</p>}
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
        <label class={styles.reason}>
          {say(TEXTS.reason)}
          <input
            value={reason}
            maxLength={LONGEST_REASON}
            aria-describedby="reason-hint"
            onInput={(event) => setReason(event.currentTarget.value)}
          />
          <small id="reason-hint">{say(TEXTS.reasonHint)}</small>
        </label>
        <p class={styles.refused} role="alert">
          {refused}
        </p>
        <div class={styles.buttons}>
          <button type="button" class={styles.other} data-plain onClick={toSkills}>
            {say(SKILLS.open)}
          </button>
          <button type="button" onClick={() => dialog.current?.close()}>
            {say(FRAME.cancel)}
          </button>
          <button type="submit" data-primary disabled={busy}>
            {say(TEXTS.change)}
          </button>
        </div>
      </form>
    </dialog>
  );
}
