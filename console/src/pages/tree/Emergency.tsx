import { useState } from "preact/hooks";
import { address, ask } from "../../api/client";
import type { EmergencyOut } from "../../api/schema";
import { Dialog } from "../../frame/Dialog";
import { emergency, lookAtEmergency } from "../../frame/emergency";
import { called, useNames } from "../../frame/names";
import sheet from "../../frame/Sheet.module.css";
import { useStore } from "../../frame/store";
import { useSpeaker } from "../../texts/language";
import { languageName } from "../../texts/words";
import { duration, moment } from "../../time/format";
import styles from "./emergency/Emergency.module.css";
import { EndDialog } from "./emergency/EndDialog";
import { MessageDialog } from "./emergency/MessageDialog";
import { TEXTS } from "./emergency/texts";

/** The emergency message: what is on, its switch, its end. `level`: of its heading on the page. */
export function Emergency({ level: Heading = "h2" }: { level?: "h1" | "h2" }) {
  const { say } = useSpeaker();
  const now = useStore(emergency);
  const [asked, setAsked] = useState<"on" | "end" | "off" | null>(null);
  const [warnings, setWarnings] = useState<readonly string[]>([]);
  if (now === null) return null;
  const done = () => {
    setAsked(null);
    void lookAtEmergency();
  };
  const message = now.emergency;
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
          onClick={() => setAsked(message === null ? "on" : "off")}
        >
          {say(message === null ? TEXTS.isOff : TEXTS.isOn)}
        </button>
        {message !== null && (
          <>
            <button type="button" onClick={() => setAsked("end")}>
              {say(TEXTS.otherEnd)}
            </button>
            <button type="button" onClick={() => setAsked("on")}>
              {say(TEXTS.another)}
            </button>
          </>
        )}
      </div>
      <p class={sheet.quiet}>{say(TEXTS.intro)}</p>
      <div role="status">
        {message !== null &&
          warnings.map((warning) => (
            <p key={warning} class={styles.missing}>
              {warning}
            </p>
          ))}
      </div>
      {message !== null && <Message message={message} missing={now.missing} />}
      {asked === "on" && <MessageDialog now={now} onOn={setWarnings} onDone={done} />}
      {asked === "end" && <EndDialog now={now} onDone={done} />}
      {asked === "off" && (
        <Dialog
          title={say(TEXTS.offTitle)}
          action={say(TEXTS.off)}
          onSubmit={() => ask("delete", "/api/v1/emergency")}
          onDone={done}
        >
          <p>{say(TEXTS.offWhat)}</p>
        </Dialog>
      )}
    </section>
  );
}

function Message({ message, missing }: { message: EmergencyOut; missing: readonly string[] }) {
  const { say, language } = useSpeaker();
  const names = useNames();
  const [kind, id] = message.after.split(":");
  const after = { goodbye: say(TEXTS.afterGoodbye), person: say(TEXTS.afterPerson) }[message.after];
  const place = called(kind === "queue" ? names?.queues : names?.departments, id ?? "", language);
  const where = message.mode === "before" ? say(TEXTS.before) : say(TEXTS.instead, { after: after ?? place });
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
      {missing.length > 0 && <p class={styles.missing}>{say(TEXTS.missing)}</p>}
    </div>
  );
}
