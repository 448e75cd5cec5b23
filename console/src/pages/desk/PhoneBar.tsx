import { useStore } from "../../frame/store";
import type { Phone } from "../../phone/model";
import { choice, giveBack, tell } from "../../phone/phone";
import { useSpeaker } from "../../texts/language";
import type { Text } from "../../texts/texts";
import styles from "./Desk.module.css";
import { SoundBar } from "./sound/SoundBar";
import { TEXTS } from "./texts";

/** Which telephone the agent uses, and what keeps it from working. */
export function PhoneBar({ line }: { line: Phone }) {
  const { say } = useSpeaker();
  const chosen = useStore(choice);
  const choose = (wanted: "browser" | "sip") => {
    choice.set(wanted);
    if (wanted === "sip") void giveBack().catch(() => {}); // the next sign-in makes another password
  };
  const trouble = troubleOf(line);
  return (
    <section class={styles.phone} aria-label={say(TEXTS.phone)}>
      <label>
        {say(TEXTS.phone)}{" "}
        <select
          value={chosen}
          disabled={line.call !== null}
          onChange={({ currentTarget }) => choose(currentTarget.value === "browser" ? "browser" : "sip")}
        >
          <option value="browser">{say(TEXTS.browser)}</option>
          <option value="sip">{say(TEXTS.desk)}</option>
        </select>
      </label>
      {line.chosen && trouble === null && <output data-link={line.link}>{say(linkOf(line))}</output>}
      {trouble !== null && <output class={styles.trouble}>{say(trouble)}</output>}
      {line.link === "elsewhere" && line.call === null && (
        <button type="button" onClick={() => tell({ kind: "chosen" })}>
          {say(TEXTS.useHere)}
        </button>
      )}
      {line.chosen && line.link !== "elsewhere" && <SoundBar line={line} />}
    </section>
  );
}

function linkOf({ link, tookOver }: Phone): Text {
  if (link !== "registered") return TEXTS.connecting;
  return tookOver ? TEXTS.tookOver : TEXTS.registered;
}

function troubleOf(line: Phone): Text | null {
  if (!line.chosen) return null;
  switch (line.link) {
    case "elsewhere":
      return TEXTS.elsewhere;
    case "refused":
      return TEXTS.refused;
    case "lost":
      return TEXTS.lost;
  }
  switch (line.microphone) {
    case "asking":
      return TEXTS.asking;
    case "denied":
      return TEXTS.denied;
    case "missing":
      return TEXTS.missing;
    case "asleep":
      return line.call === null ? TEXTS.asleep : TEXTS.deaf;
    default:
      return null;
  }
}
