import { useEffect } from "preact/hooks";
import { useStore } from "../../../frame/store";
import { attach, choice, giveBack, phone, tell } from "../../../phone/phone";
import { useSpeaker } from "../../../texts/language";
import styles from "./Listening.module.css";
import { asked } from "./orders";
import { TEXTS } from "./texts";

/** The supervisor's telephone: a SIP phone, or this page. A ring for a listening that was asked for here needs no answer. */
export default function OwnPhone({ agent }: { agent: string }) {
  const { say } = useSpeaker();
  const chosen = useStore(choice);
  const { link, call } = useStore(phone);
  const wanted = useStore(asked);
  useEffect(() => attach(agent), [agent]);
  const expected = call?.stage === "ringing" && call.number === wanted;
  useEffect(() => {
    if (!expected) return;
    asked.set(null);
    tell({ kind: "answer" });
  }, [expected]);
  const choose = (to: "browser" | "sip") => {
    choice.set(to);
    if (to === "sip") void giveBack().catch(() => {}); // the next sign-in makes another password
  };
  return (
    <p class={styles.phone}>
      <label>
        {say(TEXTS.phone)}{" "}
        <select
          value={chosen}
          disabled={call !== null}
          onChange={({ currentTarget }) => choose(currentTarget.value === "browser" ? "browser" : "sip")}
        >
          <option value="sip">{say(TEXTS.sip)}</option>
          <option value="browser">{say(TEXTS.browser)}</option>
        </select>
      </label>
      {chosen === "browser" && (
        <output data-link={link}>{say(link === "registered" ? TEXTS.connected : TEXTS.notConnected)}</output>
      )}
      {call && <span>{call.words}</span>}
      {call?.stage === "ringing" && !expected && (
        <button type="button" data-primary onClick={() => tell({ kind: "answer" })}>
          {say(TEXTS.answer)}
        </button>
      )}
      {call && (
        <button type="button" onClick={() => tell({ kind: "hang-up" })}>
          {say(TEXTS.hangUp)}
        </button>
      )}
    </p>
  );
}
