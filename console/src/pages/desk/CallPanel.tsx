import { useEffect, useState } from "preact/hooks";
import { Key } from "../../frame/Key";
import { useKeys } from "../../frame/keys";
import { PhoneNumber } from "../../frame/PhoneNumber";
import type { Agent } from "../../live/board";
import type { Leg } from "../../phone/model";
import { tell } from "../../phone/phone";
import { spoken } from "../../phone/sending";
import { StateMark } from "../../states/StateMark";
import { useSpeaker } from "../../texts/language";
import { useNow } from "../../time/clock";
import { duration, secondsSince } from "../../time/format";
import { Timer } from "../../time/Timer";
import styles from "./Desk.module.css";
import { HelpButton } from "./help/HelpButton";
import { NotReached } from "./NotReached";
import { Recording } from "./Recording";
import { TEXTS } from "./texts";
import { order, useOrders } from "./transfer/orders";
import { recorded, served } from "./transfer/served";
import { type AtCall, Transfers } from "./transfer/Transfers";
import { calledBack } from "./way";

/** Milliseconds in which the second press of Escape hangs up. */
const SURE = 2_000;
const KEYS = "123456789*0#";

/** The caller, and what the agent may do now. A SIP phone has its own buttons. */
export function CallPanel({ line, me, story, asked, names }: AtCall) {
  const { say } = useSpeaker();
  const now = useNow();
  const { call } = line;
  const leg = spoken(line);
  if (call === null && me.call_id === null) {
    return (
      <section class={styles.call}>
        <p class={styles.quiet}>{say(TEXTS.nobody)}</p>
        <Transfers line={line} me={me} story={null} asked={null} names={names} />
      </section>
    );
  }
  const own = served(me, story);
  const talk = recorded(me, story);
  const callback = story && calledBack(story);
  const held = me.aside?.stage == null ? (me.aside?.held ?? null) : null;
  const number = story?.caller ?? call?.number ?? "";
  return (
    <section class={styles.call}>
      <p class={styles.stage}>
        <StateMark state={me.state} /> <span class={styles.timer}>{duration(secondsSince(me.since, now))}</span>
      </p>
      <p class={styles.number}>{number ? <PhoneNumber of={number} /> : say(TEXTS.hiddenNumber)}</p>
      {call?.stage === "ringing" && <Offer />}
      {own !== null && held !== null && <Held since={held} />}
      {me.silent.includes("agent") && (
        <p class={styles.held} role="alert">
          {say(TEXTS.unheard)}
        </p>
      )}
      {me.silent.includes("caller") && (
        <p class={styles.held} role="alert">
          {say(TEXTS.callerUnheard)}
        </p>
      )}
      {leg !== null ? (
        <Talk key={leg.id} call={leg} own={own} me={me} />
      ) : (
        own !== null &&
        me.aside?.stage == null && <p class={styles.buttons}>{<Hold call={own} held={held !== null} />}</p>
      )}
      <Transfers line={line} me={me} story={story} asked={asked} names={names} />
      {talk !== null && me.state === "on-call" && <Recording key={talk} call={talk} />}
      {me.state === "on-call" && me.sent === "talks" && callback !== null && (
        <NotReached key={callback.callback} callback={callback.callback} />
      )}
      {me.state === "on-call" && <HelpButton me={me} />}
    </section>
  );
}

function Offer() {
  const { say } = useSpeaker();
  const answer = () => tell({ kind: "answer" });
  const decline = () => tell({ kind: "hang-up" });
  useKeys({ a: answer, d: decline });
  return (
    <p class={styles.buttons}>
      <button type="button" data-primary onClick={answer}>
        {say(TEXTS.answer)} <Key name="A" />
      </button>
      <button type="button" onClick={decline}>
        {say(TEXTS.decline)} <Key name="D" />
      </button>
    </p>
  );
}

/** What can be done with the call in which the agent talks. `own`: as `served`. */
function Talk({ call, own, me }: { call: Leg; own: string | null; me: Agent }) {
  const { say } = useSpeaker();
  const [pad, setPad] = useState(false);
  const [sure, setSure] = useState(false);
  useEffect(() => {
    if (!sure) return;
    const timer = setTimeout(() => setSure(false), SURE);
    return () => clearTimeout(timer);
  }, [sure]);
  const mute = () => tell({ kind: "mute", on: !call.muted });
  const hold = () => tell({ kind: "hold", on: !call.held });
  const asking = own !== null && (me.aside?.stage === "rings" || me.aside?.stage === "asked");
  // in a consultation it ends that, and not the talk with the caller
  const hangUp = () => (asking && own !== null ? void order(own, "return").catch(() => {}) : tell({ kind: "hang-up" }));
  const digits = Object.fromEntries([...KEYS].map((key) => [key, () => tell({ kind: "key", key })]));
  useKeys({
    m: mute,
    h: () => own === null && hold(),
    k: () => setPad(!pad),
    escape: () => {
      if (pad) setPad(false);
      else if (sure) hangUp();
      else setSure(true);
    },
    ...(pad ? digits : {}),
  });
  return (
    <>
      {call.held && <HeldNow />}
      <p class={styles.buttons}>
        <button type="button" aria-pressed={call.muted} onClick={mute}>
          {say(call.muted ? TEXTS.unmute : TEXTS.mute)} <Key name="M" />
        </button>
        {own !== null && me.aside?.stage == null && <Hold call={own} held={me.aside !== null} />}
        {own === null && (
          <button type="button" aria-pressed={call.held} onClick={hold}>
            {say(call.held ? TEXTS.unhold : TEXTS.hold)} <Key name="H" />
          </button>
        )}
        <button type="button" aria-expanded={pad} onClick={() => setPad(!pad)}>
          {say(TEXTS.keys)} <Key name="K" />
        </button>
        <button type="button" class={styles.hangUp} onClick={hangUp}>
          {say(sure ? TEXTS.hangUpAgain : TEXTS.hangUp)} <Key name="Esc" />
        </button>
      </p>
      {pad && (
        <p class={styles.pad}>
          {[...KEYS].map((key) => (
            <button type="button" key={key} onClick={digits[key]}>
              {key}
            </button>
          ))}
        </p>
      )}
    </>
  );
}

/** Puts the caller on hold, and takes the caller back, whatever the telephone is. */
function Hold({ call, held }: { call: string; held: boolean }) {
  const { say } = useSpeaker();
  const { refused, give } = useOrders();
  const turn = () => give(() => order(call, held ? "unhold" : "hold"));
  useKeys({ h: turn });
  return (
    <>
      <button type="button" aria-pressed={held} onClick={turn}>
        {say(held ? TEXTS.unhold : TEXTS.hold)} <Key name="H" />
      </button>
      {refused !== null && <span role="alert">{refused}</span>}
    </>
  );
}

function HeldNow() {
  const [since] = useState(() => new Date().toISOString());
  return <Held since={since} />;
}

/** That the other side is on hold, and since when. */
function Held({ since }: { since: string }) {
  const { say } = useSpeaker();
  return (
    <p class={styles.held} role="status">
      <span aria-hidden="true">♪ </span>
      {say(TEXTS.onHold)} <Timer since={since} />
    </p>
  );
}
