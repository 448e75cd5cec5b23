import { useState } from "preact/hooks";
import type { NamesOut, StateIn } from "../../../api/schema";
import fields from "../../../frame/Field.module.css";
import type { Agent } from "../../../live/board";
import { LOOKS, REQUESTABLE } from "../../../states/states";
import { useSpeaker } from "../../../texts/language";
import { named } from "../../../texts/texts";
import styles from "./AgentDialog.module.css";
import { TEXTS } from "./texts";

export type Wanted = Required<StateIn>;

const LONGEST_REASON = 100;

/** In the list of reasons: words of one's own. No break is called so. */
const OTHER = "+";

/** What is asked for unless something else is chosen. */
export function atFirst(agent: Agent): Wanted {
  return { state: agent.state === "not-ready" ? "ready" : "not-ready", reason: "" };
}

export interface StateFieldsProps {
  agent: Agent;
  /** The hotline's reasons for not being ready. */
  breaks: NamesOut["breaks"];
  wanted: Wanted;
  onWanted: (wanted: Wanted) => void;
}

/** Another state, and why: one of the hotline's reasons, as at the desk, or words of one's own. */
export function StateFields({ agent, breaks, wanted, onWanted }: StateFieldsProps) {
  const { say, language } = useSpeaker();
  const [chosen, setChosen] = useState("");
  const choose = (reason: string) => {
    setChosen(reason);
    onWanted({ ...wanted, reason: named(breaks[reason] ?? {}, language) });
  };
  const away = wanted.state === "not-ready";
  return (
    <section>
      <h3 id="new-state">{say(TEXTS.newState)}</h3>
      {agent.call_id !== null && <p class={fields.hint}>{say(TEXTS.afterCall)}</p>}
      <fieldset class={styles.choices} aria-labelledby="new-state">
        {REQUESTABLE.map((state) => (
          <label key={state}>
            <input
              type="radio"
              name="state"
              checked={wanted.state === state}
              autofocus={wanted.state === state}
              onChange={() => {
                setChosen("");
                onWanted({ state, reason: "" });
              }}
            />
            {say(LOOKS[state].request ?? LOOKS[state].word)}
          </label>
        ))}
      </fieldset>
      {away && (
        <label class={fields.field}>
          {say(TEXTS.reason)}
          <select
            value={chosen}
            aria-describedby="reason-hint"
            onChange={({ currentTarget }) => choose(currentTarget.value)}
          >
            <option value="">{say(TEXTS.noReason)}</option>
            {Object.entries(breaks).map(([id, names]) => (
              <option key={id} value={id}>
                {named(names, language)}
              </option>
            ))}
            <option value={OTHER}>{say(TEXTS.otherReason)}</option>
          </select>
          <small id="reason-hint">{say(TEXTS.reasonHint)}</small>
        </label>
      )}
      {away && chosen === OTHER && (
        <label class={fields.field}>
          {say(TEXTS.ownWords)}
          <input
            value={wanted.reason}
            maxLength={LONGEST_REASON}
            onInput={({ currentTarget }) => onWanted({ ...wanted, reason: currentTarget.value })}
          />
        </label>
      )}
    </section>
  );
}
