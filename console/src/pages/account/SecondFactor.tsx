import { useState } from "preact/hooks";
import { ask } from "../../api/client";
import type { AppOut } from "../../api/schema";
import fields from "../../frame/Field.module.css";
import { Secret } from "../../frame/Secret";
import sheet from "../../frame/Sheet.module.css";
import { look } from "../../session/session";
import { TEXTS as SIGN_IN } from "../../session/texts";
import { useSpeaker } from "../../texts/language";
import styles from "./Account.module.css";
import { QrCode } from "./QrCode";
import { refusedProof } from "./refused";
import { TEXTS } from "./texts";

type Step =
  | { kind: "rest" }
  /** The person proves who is asking. */
  | { kind: "prove" }
  /** The app waits for its first code. */
  | { kind: "scan"; app: AppOut }
  | { kind: "recovery"; codes: readonly string[] };

/** The app for codes: begin, scan, confirm by its first code, keep the recovery codes. */
export function SecondFactor({ on }: { on: boolean }) {
  const speaker = useSpeaker();
  const { say } = speaker;
  const [step, setStep] = useState<Step>({ kind: "rest" });
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  /** Does what the form is for; the fields by name. */
  const sending = (send: (field: (name: string) => string) => Promise<Step>) => async (event: SubmitEvent) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement);
    setBusy(true);
    try {
      setStep(await send((name) => String(given.get(name) ?? "")));
      setRefused(null);
    } catch (error) {
      setRefused(refusedProof(error, TEXTS.wrongProof, speaker));
    }
    setBusy(false);
  };

  const begin = sending(async (field) => {
    const body = { password: field("password"), code: field("code") };
    return { kind: "scan", app: await ask("post", "/api/v1/session/second-factor", { body }) };
  });
  const confirm = sending(async (field) => {
    const done = await ask("put", "/api/v1/session/second-factor", { body: { code: field("code") } });
    return { kind: "recovery", codes: done.recovery_codes };
  });

  return (
    <section class={styles.part} aria-labelledby="own-factor">
      <h2 id="own-factor">
        {say(TEXTS.factor)}{" "}
        <span class={on ? styles.on : sheet.quiet}>{say(on ? TEXTS.factorOn : TEXTS.factorOff)}</span>
      </h2>
      {step.kind === "rest" && (
        <>
          <p>{say(TEXTS.factorWhat)}</p>
          {on && <p class={sheet.quiet}>{say(TEXTS.lost)}</p>}
          <div>
            <button type="button" onClick={() => setStep({ kind: "prove" })}>
              {say(on ? TEXTS.setUpAnother : TEXTS.setUp)}
            </button>
          </div>
        </>
      )}
      {step.kind === "prove" && (
        <form onSubmit={(event) => void begin(event)}>
          <p>{say(TEXTS.proveTitle)}</p>
          <label class={fields.field}>
            {say(SIGN_IN.password)}
            <input name="password" type="password" autocomplete="current-password" required autofocus />
          </label>
          {on && (
            <label class={fields.field}>
              {say(TEXTS.oldCode)}
              <input name="code" autocomplete="one-time-code" required />
            </label>
          )}
          <button type="submit" data-primary disabled={busy}>
            {say(TEXTS.goOn)}
          </button>
        </form>
      )}
      {step.kind === "scan" && (
        <form onSubmit={(event) => void confirm(event)}>
          <p>{say(TEXTS.scan)}</p>
          <QrCode words={step.app.uri} title={say(TEXTS.qrSpoken)} />
          <Secret label={say(TEXTS.typeIt)} value={step.app.secret} />
          <label class={fields.field}>
            {say(TEXTS.firstCode)}
            <input name="code" inputmode="numeric" autocomplete="one-time-code" required />
          </label>
          <button type="submit" data-primary disabled={busy}>
            {say(TEXTS.confirm)}
          </button>
        </form>
      )}
      {step.kind === "recovery" && (
        <>
          <p role="status">{say(TEXTS.recovery)}</p>
          <ol class={styles.recovery}>
            {step.codes.map((code) => (
              <li key={code}>{code}</li>
            ))}
          </ol>
          <div>
            <button
              type="button"
              data-primary
              onClick={() => {
                setStep({ kind: "rest" });
                void look();
              }}
            >
              {say(TEXTS.kept)}
            </button>
          </div>
        </>
      )}
      <p class={sheet.refused} role="alert">
        {refused}
      </p>
    </section>
  );
}
