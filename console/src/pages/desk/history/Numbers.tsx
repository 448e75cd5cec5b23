import { useState } from "preact/hooks";
import { useAnswer } from "../../../api/answer";
import { ask } from "../../../api/client";
import { failure } from "../../../frame/failure";
import { PhoneNumber } from "../../../frame/PhoneNumber";
import { useSpeaker } from "../../../texts/language";
import styles from "./History.module.css";
import { TEXTS } from "./texts";

const PATH = "/api/v1/calls/{call_id}/numbers";

/** The citizen's other numbers, which have one history with that of the call. `onChanged`: that is another one now. */
export function Numbers({ call, onChanged }: { call: string; onChanged: () => void }) {
  const speaker = useSpeaker();
  const { say } = speaker;
  const path = { call_id: call };
  const { answer, again } = useAnswer((cut) => ask("get", PATH, { path }, cut), [call]);
  const [typed, setTyped] = useState<string | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const put = (number: string, linked: boolean) =>
    void ask("put", PATH, { path, body: { number, linked } }).then(
      () => {
        setTyped(null);
        setRefused(null);
        again();
        onChanged();
      },
      (error: unknown) => setRefused(failure(error, speaker)),
    );
  if (answer === null) return null;
  return (
    <div class={styles.numbers}>
      {answer.map((number) => (
        <p key={number}>
          {say(TEXTS.alsoFrom)}{" "}
          <b>
            <PhoneNumber of={number} />
          </b>{" "}
          <button
            type="button"
            data-plain
            aria-label={say(TEXTS.unlinkOf, { number })}
            onClick={() => put(number, false)}
          >
            {say(TEXTS.unlink)}
          </button>
        </p>
      ))}
      {typed === null ? (
        <button type="button" data-plain class={styles.another} onClick={() => setTyped("")}>
          {say(TEXTS.linkOne)}
        </button>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            put(typed, true);
          }}
        >
          <label>
            {say(TEXTS.alsoFrom)}{" "}
            <input
              type="tel"
              autocomplete="off"
              required
              minLength={3}
              maxLength={40}
              ref={focused}
              value={typed}
              onInput={({ currentTarget }) => setTyped(currentTarget.value)}
              onKeyDown={(event) => event.key === "Escape" && setTyped(null)}
            />
          </label>
          <button type="submit">{say(TEXTS.link)}</button>
        </form>
      )}
      {refused !== null && <p role="alert">{refused}</p>}
    </div>
  );
}

const focused = (field: HTMLInputElement | null) => field?.focus();
