import { useState } from "preact/hooks";
import { ask } from "../../../api/client";
import { failure } from "../../../frame/failure";
import { Key } from "../../../frame/Key";
import { useKeys } from "../../../frame/keys";
import type { Agent } from "../../../live/board";
import { useSpeaker } from "../../../texts/language";
import { useNow } from "../../../time/clock";
import { duration, secondsSince } from "../../../time/format";
import styles from "../Desk.module.css";
import { TEXTS } from "./texts";

/** In a talk: calls for a supervisor, and takes it back. It rings on the walls of supervisors. */
export function HelpButton({ me }: { me: Agent }) {
  const speaker = useSpeaker();
  const { say } = speaker;
  const now = useNow();
  const [failed, setFailed] = useState<string | null>(null);
  const since = me.help_since;
  const press = () => {
    const how = since === null ? "post" : "delete";
    ask(how, "/api/v1/agents/{agent_id}/help", { path: { agent_id: me.id } }).then(
      () => setFailed(null),
      (error: unknown) => setFailed(failure(error, speaker)),
    );
  };
  useKeys({ s: press });
  return (
    <p class={`${styles.buttons} ${styles.help}`}>
      <button type="button" aria-pressed={since !== null} onClick={press}>
        {say(since === null ? TEXTS.call : TEXTS.over)} <Key name="S" />
      </button>
      {since !== null && <span role="status">{say(TEXTS.called, { time: duration(secondsSince(since, now)) })}</span>}
      {failed !== null && <span role="alert">{failed}</span>}
    </p>
  );
}
