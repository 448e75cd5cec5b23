import { useState } from "preact/hooks";
import { ask } from "../../api/client";
import fields from "../../frame/Field.module.css";
import sheet from "../../frame/Sheet.module.css";
import { useSpeaker } from "../../texts/language";
import styles from "./Account.module.css";
import { refusedProof } from "./refused";
import { TEXTS } from "./texts";

/** Another password for oneself. Other sessions end by it. */
export function PasswordForm() {
  const speaker = useSpeaker();
  const { say } = speaker;
  const [said, setSaid] = useState<{ good: boolean; words: string } | null>(null);
  const [busy, setBusy] = useState(false);

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const given = new FormData(form);
    const field = (name: string) => String(given.get(name) ?? "");
    if (field("new") !== field("again")) {
      setSaid({ good: false, words: say(TEXTS.differs) });
      return;
    }
    setBusy(true);
    try {
      await ask("put", "/api/v1/session/password", { body: { old: field("old"), new: field("new") } });
      form.reset();
      setSaid({ good: true, words: say(TEXTS.changed) });
    } catch (error) {
      setSaid({ good: false, words: refusedProof(error, TEXTS.wrongOld, speaker) });
    }
    setBusy(false);
  };

  return (
    <section class={styles.part} aria-labelledby="own-password">
      <h2 id="own-password">{say(TEXTS.password)}</h2>
      <form onSubmit={(event) => void submit(event)}>
        <label class={fields.field}>
          {say(TEXTS.oldPassword)}
          <input name="old" type="password" autocomplete="current-password" required />
        </label>
        <label class={fields.field}>
          {say(TEXTS.newPassword)}
          <input name="new" type="password" autocomplete="new-password" required aria-describedby="password-rule" />
          <small id="password-rule">{say(TEXTS.passwordRule)}</small>
        </label>
        <label class={fields.field}>
          {say(TEXTS.newAgain)}
          <input name="again" type="password" autocomplete="new-password" required />
        </label>
        {said && (
          <p class={said.good ? undefined : sheet.refused} role={said.good ? "status" : "alert"}>
            {said.words}
          </p>
        )}
        <button type="submit" data-primary disabled={busy}>
          {say(TEXTS.change)}
        </button>
      </form>
    </section>
  );
}
