import { useState } from "preact/hooks";
import type { NamesOut, StoryOut } from "../../../api/schema";
import { Key } from "../../../frame/Key";
import { useKeys } from "../../../frame/keys";
import type { Agent } from "../../../live/board";
import { mayTransfer } from "../../../phone/consulting";
import type { Phone, Target } from "../../../phone/model";
import { tell } from "../../../phone/phone";
import { useSpeaker } from "../../../texts/language";
import { Consulting } from "./Consulting";
import { CameBack, Outcome } from "./Outcome";
import { type How, Picker } from "./Picker";
import styles from "./Transfer.module.css";
import { TEXTS } from "./texts";

/** Sending the caller on: at once, or after asking somebody; and what became of it. */
export function Transfers({
  line,
  me,
  story,
  names,
}: {
  line: Phone;
  me: Agent;
  story: StoryOut | null;
  names: NamesOut | null;
}) {
  const { say } = useSpeaker();
  const [asked, setAsked] = useState<How | null>(null);
  const may = mayTransfer(line);
  // a SIP phone has the call
  const onDesk = line.call === null && line.consult === null && line.link !== "elsewhere" && me.state === "on-call";
  const how = may && asked !== "look" ? asked : onDesk && asked !== null ? "look" : null;
  const open = (wanted: How) => setAsked(how === null || how !== wanted ? wanted : null);
  const choose = (to: Target) => {
    setAsked(null);
    tell({ kind: how === "consult" ? "consult" : "transfer", to, of: me.call_id });
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
      {line.consult !== null && <Consulting line={line} consult={line.consult} />}
      {line.transfer !== null && <Outcome me={me.id} transfer={line.transfer} />}
    </div>
  );
}
