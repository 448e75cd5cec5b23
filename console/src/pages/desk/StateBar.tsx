import { useState } from "preact/hooks";
import { ask } from "../../api/client";
import type { NamesOut, StateIn } from "../../api/schema";
import { failure } from "../../frame/failure";
import { Key } from "../../frame/Key";
import { useKeys } from "../../frame/keys";
import { reasonCalled } from "../../frame/names";
import type { Agent } from "../../live/board";
import { StateMark } from "../../states/StateMark";
import { LOOKS, REQUESTABLE, shown } from "../../states/states";
import { useSpeaker } from "../../texts/language";
import { named, type Text } from "../../texts/texts";
import { useNow } from "../../time/clock";
import { duration, secondsSince } from "../../time/format";
import styles from "./Desk.module.css";
import { TEXTS } from "./texts";

type Wanted = StateIn["state"];

/** What can be asked for beside the three that every agent has: each is a button. */
const OTHERS = REQUESTABLE.filter((state) => !["ready", "not-ready", "logged-out"].includes(state));

/** Reasons that the service itself gives. */
const REASONED: ReadonlyMap<string, Text> = new Map<string, Text>([
  ["rona", TEXTS.rona],
  ["no-code", TEXTS.noCode],
]);
const LONGER_S = 30;

/** The agent's state, how long it has lasted, and what may follow it. */
export function StateBar({ me, names }: { me: Agent; names: NamesOut | null }) {
  const speaker = useSpeaker();
  const { say, language } = speaker;
  const now = useNow();
  const [failed, setFailed] = useState<string | null>(null);

  const request = (asked: Promise<unknown>) =>
    void asked.then(
      () => setFailed(null),
      (error: unknown) => setFailed(failure(error, speaker)),
    );
  const be = (state: Wanted, reason = "") =>
    request(ask("put", "/api/v1/agents/{agent_id}/state", { path: { agent_id: me.id }, body: { state, reason } }));
  const longer = () =>
    request(
      ask("post", "/api/v1/agents/{agent_id}/wrap-up", { path: { agent_id: me.id }, body: { extend_s: LONGER_S } }),
    );

  const seen = me.state === "ready" ? shown(me) : me.state; // nobody is ready whose phone cannot be reached
  const reason = REASONED.get(me.reason);
  // chosen in the talk, it is the state after the wrap-up: that can still be ended
  const mayReady = me.state !== "ready" && (me.state === "wrap-up" || me.next_state !== "ready");
  const waits = me.state !== "ringing" && me.state !== "on-call"; // in a call, the call comes first, with the time
  useKeys({
    r: () => mayReady && be("ready"),
    l: () => me.state === "wrap-up" && longer(),
  });
  return (
    <section class={styles.state} aria-label={say(TEXTS.state)}>
      <span class={styles.now} data-state={me.state}>
        <StateMark state={seen} />
        {waits && (
          <span class={styles.timer}>
            {me.wrap_up_until === null
              ? duration(secondsSince(me.since, now))
              : say(TEXTS.left, { time: duration(-secondsSince(me.wrap_up_until, now)) })}
          </span>
        )}
      </span>
      {me.reason !== "" && <span>{reason === undefined ? reasonCalled(names, me.reason, language) : say(reason)}</span>}
      {me.code_missing && <span role="status">{say(TEXTS.codeMissing)}</span>}
      {me.next_state !== null && <span>{say(TEXTS.after, { state: say(LOOKS[me.next_state].word) })}</span>}
      <span class={styles.choices}>
        {mayReady && (
          <button type="button" data-primary={waits || undefined} onClick={() => be("ready")}>
            {say(TEXTS.beReady)} <Key name="R" />
          </button>
        )}
        {me.state === "wrap-up" && (
          <button type="button" onClick={longer}>
            {say(TEXTS.longer)} <Key name="L" />
          </button>
        )}
        {me.state !== "logged-out" && <Away be={be} breaks={names?.breaks ?? {}} />}
        {OTHERS.filter((state) => state !== me.state).map((state) => (
          <button key={state} type="button" onClick={() => be(state)}>
            {say(LOOKS[state].request ?? LOOKS[state].word)}
          </button>
        ))}
        {me.state !== "logged-out" && (
          <button type="button" data-plain onClick={() => be("logged-out")}>
            {say(TEXTS.beOut)}
          </button>
        )}
      </span>
      {me.phone === "unreachable" && me.state === "ready" && <span role="status">{say(TEXTS.phoneGone)}</span>}
      {failed !== null && <span role="alert">{failed}</span>}
    </section>
  );
}

interface AwayProps {
  be: (state: Wanted, reason: string) => void;
  /** The hotline's reasons. */
  breaks: NamesOut["breaks"];
}

/** Not ready, and why: supervisors see the reason. */
function Away({ be, breaks }: AwayProps) {
  const { say, language } = useSpeaker();
  return (
    <select
      aria-label={say(TEXTS.beAway)}
      value=""
      onChange={({ currentTarget }) => {
        be("not-ready", named(breaks[currentTarget.value] ?? {}, language));
        currentTarget.value = "";
      }}
    >
      <option value="" disabled hidden>
        {say(TEXTS.beAway)}
      </option>
      <option value="-">{say(TEXTS.noReason)}</option>
      {Object.entries(breaks).map(([id, names]) => (
        <option key={id} value={id}>
          {named(names, language)}
        </option>
      ))}
    </select>
  );
}
