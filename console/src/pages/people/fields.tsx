import fields from "../../frame/Field.module.css";
import { useSpeaker } from "../../texts/language";
import { TEXTS } from "./texts";

export function NameField({ name, onName }: { name: string; onName: (name: string) => void }) {
  const { say } = useSpeaker();
  return (
    <label class={fields.field}>
      {say(TEXTS.name)}
      <input
        value={name}
        required
        autofocus
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        pattern="[a-z][a-z0-9._\-]{0,39}"
        aria-describedby="name-rule"
        onInput={({ currentTarget }) => onName(currentTarget.value)}
      />
      <small id="name-rule">{say(TEXTS.nameRule)}</small>
    </label>
  );
}

export function PasswordField({ password, onPassword }: { password: string; onPassword: (password: string) => void }) {
  const { say } = useSpeaker();
  return (
    <label class={fields.field}>
      {say(TEXTS.passwordFor)}
      <input
        type="password"
        value={password}
        autocomplete="new-password"
        aria-describedby="password-hint"
        onInput={({ currentTarget }) => onPassword(currentTarget.value)}
      />
      <small id="password-hint">{say(TEXTS.passwordHint)}</small>
    </label>
  );
}
