import { useEffect, useRef, useState } from "preact/hooks";
import { StateMark } from "../../../states/StateMark";
import { shown } from "../../../states/states";
import { useSpeaker } from "../../../texts/language";
import type { Text } from "../../../texts/texts";
import { duration } from "../../../time/format";
import { absent } from "./order";
import styles from "./Transfer.module.css";
import { type Choice, choices, moved } from "./targets";
import { TEXTS } from "./texts";
import { useTargets } from "./useTargets";

/** What is done with the choice; `look`: nothing, as the SIP phone transfers by its own keys; `dial`: there is no caller. */
export type How = "blind" | "consult" | "look" | "dial";

const TITLES: Readonly<Record<How, Text>> = {
  blind: TEXTS.toWhom,
  consult: TEXTS.askWhom,
  look: TEXTS.byPhone,
  dial: TEXTS.callWhom,
};
const KINDS: Readonly<Record<Choice["kind"], Text>> = {
  queue: TEXTS.queue,
  agent: TEXTS.agent,
  department: TEXTS.department,
  number: TEXTS.number,
};

/** What is said to whoever receives the call; it may be left empty. */
interface Reason {
  readonly text: string;
  readonly onTyped: (text: string) => void;
}

const LONGEST = 200;

/** A list of everybody who can be called, narrowed down by typing; arrow keys, Enter, Escape, also in the line below. */
export function Picker({
  me,
  how,
  reason,
  onChoose,
  onClose,
}: {
  me: string;
  how: How;
  reason?: Reason | undefined;
  onChoose: (choice: Choice) => void;
  onClose: () => void;
}) {
  const { say, language } = useSpeaker();
  const { targets, failed } = useTargets(me);
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const list = targets === null ? [] : choices(targets, typed, language);
  const chosen = list[Math.min(at, list.length - 1)];
  const row = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the number says which row it is
  useEffect(() => row.current?.scrollIntoView({ block: "nearest" }), [chosen?.number]);

  const choose = (choice: Choice | undefined) => {
    if (choice !== undefined && how !== "look") onChoose(choice);
  };
  const pressed = (event: KeyboardEvent) => {
    if (event.isComposing) return; // the input method has the key
    if (event.key === "Escape") onClose();
    else if (event.key === "Enter") choose(chosen);
    else if (event.key === "ArrowUp" || event.key === "ArrowDown")
      setAt(moved(Math.min(at, list.length - 1), event.key, list.length));
    else return;
    event.preventDefault();
  };
  return (
    <section class={styles.picker} aria-label={say(TITLES[how])}>
      <label>
        <span>{say(TITLES[how])}</span>
        <input
          type="text"
          role="combobox"
          autocomplete="off"
          aria-expanded="true"
          aria-controls="targets"
          aria-activedescendant={chosen && `target-${chosen.number}`}
          placeholder={say(TEXTS.find)}
          ref={focused}
          value={typed}
          onInput={({ currentTarget }) => {
            setTyped(currentTarget.value);
            setAt(0);
          }}
          onKeyDown={pressed}
        />
      </label>
      {reason !== undefined && (
        <label>
          <span>{say(TEXTS.reason)}</span>
          <input
            type="text"
            autocomplete="off"
            maxLength={LONGEST}
            placeholder={say(TEXTS.reasonFor)}
            value={reason.text}
            onInput={({ currentTarget }) => reason.onTyped(currentTarget.value)}
            onKeyDown={pressed}
          />
        </label>
      )}
      {failed !== null && <p role="alert">{failed}</p>}
      {targets !== null && list.length === 0 && <p role="status">{say(TEXTS.none)}</p>}
      <div class={styles.list} id="targets" role="listbox" aria-label={say(TITLES[how])}>
        {list.map((choice) => (
          <div
            key={choice.number}
            id={`target-${choice.number}`}
            ref={choice === chosen ? row : null}
            role="option"
            tabIndex={-1}
            aria-selected={choice === chosen}
            data-absent={(choice.kind === "agent" && absent(choice.of)) || undefined}
            onMouseDown={(event) => {
              event.preventDefault(); // the field keeps the focus
              choose(choice);
            }}
          >
            <span class={styles.kind}>{say(KINDS[choice.kind])}</span>
            <span class={styles.name}>
              {choice.name} <small>{choice.number}</small>
            </span>
            <Detail choice={choice} />
          </div>
        ))}
      </div>
    </section>
  );
}

const focused = (field: HTMLInputElement | null) => field?.focus();

/** The present wait of a queue, the state of an agent, a phone that cannot answer. */
function Detail({ choice }: { choice: Choice }) {
  const { say } = useSpeaker();
  if (choice.kind === "number") return null;
  if (choice.kind === "queue") {
    const { waiting, longest_wait_s, estimate_s, ready } = choice.of;
    const parts = [
      waiting === 0 ? say(TEXTS.noWait) : say(TEXTS.wait, { count: waiting, time: duration(longest_wait_s) }),
      ready > 0 || estimate_s === null
        ? say(TEXTS.ready, { count: ready })
        : say(TEXTS.estimate, { count: Math.ceil(estimate_s / 60) }),
    ];
    return <span class={styles.detail}>{parts.join(" · ")}</span>;
  }
  const { phone } = choice.of;
  const trouble = phone === "busy" ? TEXTS.busy : phone === "unreachable" ? TEXTS.unreachable : null;
  if (choice.kind === "department") return <span class={styles.detail}>{trouble && say(trouble)}</span>;
  const state = shown(choice.of);
  const fits = choice.of.fits && !absent(choice.of);
  const inCall = state === "on-call" || state === "ringing" || state === "unreachable"; // the state says it
  return (
    <span class={styles.detail}>
      {fits && `${say(TEXTS.fits)} `}
      <StateMark state={state} />
      {trouble !== null && !inCall && <span> · {say(trouble)}</span>}
    </span>
  );
}
