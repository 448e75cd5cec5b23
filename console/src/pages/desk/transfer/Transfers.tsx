import { useEffect, useState } from "preact/hooks";
import type { NamesOut, StoryOut } from "../../../api/schema";
import { Key } from "../../../frame/Key";
import { useKeys } from "../../../frame/keys";
import type { Agent } from "../../../live/board";
import type { Phone } from "../../../phone/model";
import { tell } from "../../../phone/phone";
import { mayTransfer } from "../../../phone/sending";
import { useSpeaker } from "../../../texts/language";
import { Asking } from "./Asking";
import { CameBack, Outcome } from "./Outcome";
import { send, useOrders } from "./orders";
import { type How, Picker } from "./Picker";
import { served } from "./served";
import styles from "./Transfer.module.css";
import type { Choice } from "./targets";
import { TEXTS } from "./texts";

/** What the parts of the desk know of a call: of the telephone, of the agent, and of the call itself. `asked`: the call about
 *  which a colleague asks in this one, through a queue; null: it is no such call.
 */
export interface AtCall {
  line: Phone;
  me: Agent;
  story: StoryOut | null;
  asked: StoryOut | null;
  names: NamesOut | null;
}

/** Sending the caller on: at once, or after asking somebody; and what became of it. */
export function Transfers({ line, me, story, asked: about, names }: AtCall) {
  const { say } = useSpeaker();
  const [asked, setAsked] = useState<How | null>(null);
  const { refused, give } = useOrders();
  const call = served(me, story);
  const [reason, setReason] = useState(""); // it stays for the next try
  // biome-ignore lint/correctness/useExhaustiveDependencies: another call has another reason
  useEffect(() => setReason(""), [call]);
  const consulting = call !== null && me.aside?.stage != null;
  const dialled = me.call_id === null; // whoever the agent has called: the telephone sends that one on itself
  const may = call !== null ? !consulting : dialled && mayTransfer(line);
  // a SIP phone has the call
  const onDesk = dialled && line.call === null && line.link !== "elsewhere" && me.state === "on-call";
  const how = may && asked !== "look" ? asked : onDesk && asked !== null ? "look" : null;
  const open = (wanted: How) => setAsked(how === null || how !== wanted ? wanted : null);
  const choose = (choice: Choice) => {
    setAsked(null);
    const to = { number: choice.number, name: choice.name };
    if (call === null) {
      tell({ kind: "transfer", to, of: null });
    } else if (how === "consult") {
      give(() => send(call, choice, "consult", reason));
    } else {
      give(
        () => send(call, choice, "blind", reason),
        () => tell({ kind: "sent", transfer: { to, of: call, stage: "done" } }),
      );
    }
  };
  useKeys({
    t: () => (may ? open("blind") : onDesk && open("look")),
    c: () => may && call !== null && open("consult"),
  });
  return (
    <div class={styles.transfers}>
      <CameBack me={me} story={story} asked={about} names={names} />
      {(may || onDesk) && (
        <p class={styles.buttons}>
          <button
            type="button"
            aria-expanded={how === "blind" || how === "look"}
            onClick={() => open(may ? "blind" : "look")}
          >
            {say(TEXTS.transfer)} <Key name="T" />
          </button>
          {may && call !== null && (
            <button type="button" aria-expanded={how === "consult"} onClick={() => open("consult")}>
              {say(TEXTS.consult)} <Key name="C" />
            </button>
          )}
        </p>
      )}
      {how !== null && (
        <Picker
          key={how}
          me={me.id}
          how={how}
          reason={call === null ? undefined : { text: reason, onTyped: setReason }}
          onChoose={choose}
          onClose={() => setAsked(null)}
        />
      )}
      {consulting && call !== null && <Asking me={me} call={call} names={names} />}
      {refused !== null && <p role="alert">{refused}</p>}
      {line.transfer !== null &&
        (me.call_id === null || me.call_id === line.transfer.of || line.transfer.of === null) && (
          <Outcome me={me.id} transfer={line.transfer} />
        )}
    </div>
  );
}
