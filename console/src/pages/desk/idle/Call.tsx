import { useState } from "preact/hooks";
import { ask } from "../../../api/client";
import { CallDialog } from "../../../calling/CallDialog";
import { TEXTS as CALLING } from "../../../calling/texts";
import { useCallsOut } from "../../../calling/useCallsOut";
import { failure } from "../../../frame/failure";
import { Key } from "../../../frame/Key";
import { useKeys } from "../../../frame/keys";
import type { Agent } from "../../../live/board";
import type { Target } from "../../../phone/model";
import { useSpeaker } from "../../../texts/language";
import { Picker } from "../transfer/Picker";
import styles from "./Idle.module.css";
import { TEXTS } from "./texts";

/** Has the agent's own phone call somebody: whom the hotline's agents may dial, or a citizen. */
export function Call({ me }: { me: Agent }) {
  const speaker = useSpeaker();
  const { say } = speaker;
  const [open, setOpen] = useState(false);
  const queues = useCallsOut(me.id);
  const [typing, setTyping] = useState(false);
  const [outcome, setOutcome] = useState<{ words: string; failed: boolean } | null>(null);
  const may = me.phone === "free" && me.state !== "ringing" && me.state !== "on-call";
  const choose = ({ number, name }: Target) => {
    setOpen(false);
    ask("post", "/api/v1/agents/{agent_id}/dial", { path: { agent_id: me.id }, body: { number } }).then(
      () => setOutcome({ words: say(TEXTS.calling, { name }), failed: false }),
      (error: unknown) => setOutcome({ words: failure(error, speaker), failed: true }),
    );
  };
  useKeys({ o: () => may && setOpen(!open) });
  return (
    <section class={styles.part}>
      <p>
        <button type="button" aria-expanded={open} disabled={!may} onClick={() => setOpen(!open)}>
          {say(TEXTS.call)} <Key name="O" />
        </button>{" "}
        {queues.length > 0 && (
          <button type="button" disabled={!may} onClick={() => setTyping(true)}>
            {say(CALLING.citizen)}
          </button>
        )}
      </p>
      {open && <Picker me={me.id} how="dial" onChoose={choose} onClose={() => setOpen(false)} />}
      {typing && <CallDialog agent={me.id} queues={queues} onClosed={() => setTyping(false)} />}
      {outcome !== null && <p role={outcome.failed ? "alert" : "status"}>{outcome.words}</p>}
    </section>
  );
}
