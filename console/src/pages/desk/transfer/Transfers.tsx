import { useState } from "preact/hooks";
import type { NamesOut, StoryOut } from "../../../api/schema";
import { Key } from "../../../frame/Key";
import { useKeys } from "../../../frame/keys";
import type { Agent } from "../../../live/board";
import { mayTransfer } from "../../../phone/consulting";
import type { Phone } from "../../../phone/model";
import { tell } from "../../../phone/phone";
import { useSpeaker } from "../../../texts/language";
import { Asking } from "./Asking";
import { Consulting } from "./Consulting";
import { CameBack, Outcome } from "./Outcome";
import { send, served, useOrders } from "./orders";
import { type How, Picker } from "./Picker";
import styles from "./Transfer.module.css";
import type { Choice } from "./targets";
import { TEXTS } from "./texts";

/** What the parts of the desk know of a call: of the telephone, of the agent, and of the call itself. */
export interface AtCall {
  line: Phone;
  me: Agent;
  story: StoryOut | null;
  names: NamesOut | null;
}

/** Sending the caller on: at once, or after asking somebody; and what became of it. */
export function Transfers({ line, me, story, names }: AtCall) {
  const { say } = useSpeaker();
  const [asked, setAsked] = useState<How | null>(null);
  const { refused, give } = useOrders();
  const call = served(me); // else the telephone sends and asks by itself
  const consulting = call !== null && me.aside?.stage != null;
  const may = call !== null ? !consulting && line.consult === null : mayTransfer(line);
  // a SIP phone has the call
  const onDesk =
    call === null && line.call === null && line.consult === null && line.link !== "elsewhere" && me.state === "on-call";
  const how = may && asked !== "look" ? asked : onDesk && asked !== null ? "look" : null;
  const open = (wanted: How) => setAsked(how === null || how !== wanted ? wanted : null);
  const choose = (choice: Choice) => {
    setAsked(null);
    const to = { number: choice.number, name: choice.name };
    if (call === null || (how === "consult" && choice.kind === "queue")) {
      tell({ kind: how === "consult" ? "consult" : "transfer", to, of: me.call_id });
    } else if (how === "consult") {
      give(() => send(call, choice, "consult"));
    } else {
      give(
        () => send(call, choice, "blind"),
        () => tell({ kind: "sent", transfer: { to, how: "blind", of: call, stage: "done" } }),
      );
    }
  };
  useKeys({
    t: () => (may ? open("blind") : onDesk && open("look")),
    c: () => may && open("consult"),
  });
  return (
    <div class={styles.transfers}>
      <CameBack me={me} story={story} names={names} />
      {(may || onDesk) && (
        <p class={styles.buttons}>
          <button
            type="button"
            aria-expanded={how === "blind" || how === "look"}
            onClick={() => open(may ? "blind" : "look")}
          >
            {say(TEXTS.transfer)} <Key name="T" />
          </button>
          {may && (
            <button type="button" aria-expanded={how === "consult"} onClick={() => open("consult")}>
              {say(TEXTS.consult)} <Key name="C" />
            </button>
          )}
        </p>
      )}
      {how !== null && <Picker key={how} me={me.id} how={how} onChoose={choose} onClose={() => setAsked(null)} />}
      {consulting && call !== null && <Asking me={me} call={call} names={names} />}
      {refused !== null && <p role="alert">{refused}</p>}
      {line.consult !== null && <Consulting line={line} consult={line.consult} />}
      {line.transfer !== null &&
        (me.call_id === null || me.call_id === line.transfer.of || line.transfer.of === null) && (
          <Outcome me={me.id} transfer={line.transfer} />
        )}
    </div>
  );
}
