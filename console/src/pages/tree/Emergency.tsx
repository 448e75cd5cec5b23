import { useState } from "preact/hooks";
import { address, ask } from "../../api/client";
import type { EmergencyOut } from "../../api/schema";
import { Dialog } from "../../frame/Dialog";
import { emergency, lookAtEmergency } from "../../frame/emergency";
import { placed, useNames } from "../../frame/names";
import sheet from "../../frame/Sheet.module.css";
import { useStore } from "../../frame/store";
import { useSpeaker } from "../../texts/language";
import { languageName } from "../../texts/words";
import { duration, moment } from "../../time/format";
import styles from "./emergency/Emergency.module.css";
import { EndDialog } from "./emergency/EndDialog";
import { MessageDialog } from "./emergency/MessageDialog";
import { TEXTS } from "./emergency/texts";

/** What is to be asked. `where`: the place of the message, empty for all callers; null: a place that is asked for. */
interface Question {
  readonly what: "on" | "end" | "off";
  readonly where: string | null;
}

/** The emergency message: what is on, its switch, its end. `level`: of its heading on the page. */
export function Emergency({ level: Heading = "h2" }: { level?: "h1" | "h2" }) {
  const { say } = useSpeaker();
  const now = useStore(emergency);
  const [asked, setAsked] = useState<Question | null>(null);
  const [warnings, setWarnings] = useState<readonly string[]>([]);
  if (now === null) return null;
  const done = () => {
    setAsked(null);
    void lookAtEmergency();
  };
  const message = now.emergency;
  const Sub = Heading === "h1" ? "h2" : "h3";
  return (
    <section aria-labelledby="emergency" class={styles.section}>
      <div class={sheet.bar}>
        <Heading id="emergency">{say(TEXTS.title)}</Heading>
        <button
          type="button"
          role="switch"
          aria-checked={message !== null}
          aria-labelledby="emergency"
          class={styles.switch}
          onClick={() => setAsked({ what: message === null ? "on" : "off", where: "" })}
        >
          {say(message === null ? TEXTS.isOff : TEXTS.isOn)}
        </button>
        {message !== null && (
          <>
            <button type="button" onClick={() => setAsked({ what: "end", where: "" })}>
              {say(TEXTS.otherEnd)}
            </button>
            <button type="button" onClick={() => setAsked({ what: "on", where: "" })}>
              {say(TEXTS.another)}
            </button>
          </>
        )}
      </div>
      <p class={sheet.quiet}>{say(TEXTS.intro)}</p>
      <div role="status">
        {(message !== null || now.places.length > 0) &&
          warnings.map((warning) => (
            <p key={warning} class={styles.missing}>
              {warning}
            </p>
          ))}
      </div>
      {message !== null && <Message message={message} languages={now.languages} />}
      <div class={sheet.bar}>
        <Sub>{say(TEXTS.placesTitle)}</Sub>
        <button type="button" onClick={() => setAsked({ what: "on", where: null })}>
          {say(TEXTS.placeOn)}
        </button>
      </div>
      {now.places.length === 0 && <p class={sheet.quiet}>{say(TEXTS.placesNone)}</p>}
      {now.places.map((each) => (
        <PlaceMessage key={each.id} message={each} languages={now.languages} onAsk={setAsked} />
      ))}
      {asked?.what === "on" && (
        <MessageDialog now={now} place={asked.where === null} onOn={setWarnings} onDone={done} />
      )}
      {asked?.what === "end" && <EndDialog now={now} where={asked.where ?? ""} onDone={done} />}
      {asked?.what === "off" && (
        <Dialog
          title={say(TEXTS.offTitle)}
          action={say(TEXTS.off)}
          onSubmit={() => ask("delete", "/api/v1/emergency", { query: { where: asked.where ?? "" } })}
          onDone={done}
        >
          <p>{say(TEXTS.offWhat)}</p>
        </Dialog>
      )}
    </section>
  );
}

interface PlaceProps {
  message: EmergencyOut;
  languages: readonly string[];
  onAsk: (asked: Question) => void;
}

/** A message of one place, with its buttons. */
function PlaceMessage({ message, languages, onAsk }: PlaceProps) {
  const { say, language } = useSpeaker();
  const name = placed(useNames(), message.where, language);
  return (
    <section aria-label={name}>
      <div class={sheet.bar}>
        <strong>{name}</strong>
        <button type="button" onClick={() => onAsk({ what: "end", where: message.where })}>
          {say(TEXTS.otherEnd)}
        </button>
        <button type="button" onClick={() => onAsk({ what: "off", where: message.where })}>
          {say(TEXTS.offPlace)}
        </button>
      </div>
      <Message message={message} languages={languages} />
    </section>
  );
}

function Message({ message, languages }: { message: EmergencyOut; languages: readonly string[] }) {
  const { say, language } = useSpeaker();
  const names = useNames();
  const known = { goodbye: say(TEXTS.afterGoodbye), person: say(TEXTS.afterPerson) }[message.after];
  const after = known ?? placed(names, message.after, language);
  const [before, instead] = message.where ? [TEXTS.atPlace, TEXTS.insteadPlace] : [TEXTS.before, TEXTS.instead];
  const where = message.mode === "before" ? say(before) : say(instead, { after });
  const silent = languages.some((each) => message.spoken.every((spoken) => spoken.language !== each));
  return (
    <div class={styles.message}>
      <p class={styles.until}>{say(TEXTS.until, { time: moment(message.until) })}</p>
      <p>{where}</p>
      <p class={sheet.quiet}>
        {say(TEXTS.by, { who: message.actor.replace(/^user:/, ""), time: moment(message.begun) })}
      </p>
      <ul class={styles.list}>
        {message.spoken.map((spoken) => (
          <li key={spoken.language}>
            <p>
              <strong>{languageName(spoken.language, language)}</strong>{" "}
              <span lang={spoken.language}>{spoken.words || say(TEXTS.recorded)}</span>{" "}
              <span class={sheet.quiet}>{duration(spoken.seconds)}</span>
            </p>
            {/* biome-ignore lint/a11y/useMediaCaption: its words stand above it */}
            <audio
              controls
              preload="none"
              src={address("/api/v1/emergency/takes/{take}", { take: spoken.take })}
              aria-label={say(TEXTS.listen)}
            />
          </li>
        ))}
      </ul>
      {silent && <p class={styles.missing}>{say(TEXTS.missing)}</p>}
    </div>
  );
}
