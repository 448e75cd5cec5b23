import { ROLES } from "../../frame/roles";
import sheet from "../../frame/Sheet.module.css";
import { useStore } from "../../frame/store";
import { session } from "../../session/session";
import { useSpeaker } from "../../texts/language";
import styles from "./Account.module.css";
import { PasswordForm } from "./PasswordForm";
import { SecondFactor } from "./SecondFactor";
import { TEXTS } from "./texts";

/** The own account: the password, and the app for codes. */
export default function Account() {
  const { say, language } = useSpeaker();
  const now = useStore(session);
  if (now.kind !== "signed-in") return null;
  const { who } = now;
  const roles = who.roles.map((role) => say(ROLES[role])).join(language === "zh" ? "、" : ", ");
  return (
    <main class={sheet.sheet}>
      <div>
        <h1 class={styles.title}>{say(TEXTS.title)}</h1>
        <p class={sheet.quiet}>{say(TEXTS.who, { name: who.name, roles })}</p>
      </div>
      {who.password ? (
        <div class={styles.parts}>
          <PasswordForm />
          <SecondFactor on={who.second_factor} />
        </div>
      ) : (
        <p>{say(who.csrf === null ? TEXTS.noSession : TEXTS.elsewhere)}</p>
      )}
    </main>
  );
}
