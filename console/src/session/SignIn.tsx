import { useEffect, useRef, useState } from "preact/hooks";
import { ask } from "../api/client";
import { HelpLink } from "../frame/HelpLink";
import { kept } from "../frame/kept";
import { place } from "../frame/place";
import { Switches } from "../frame/Switches";
import { useStore } from "../frame/store";
import { TEXTS as FRAME } from "../frame/texts";
import { useSpeaker } from "../texts/language";
import { openIdRefusal, refusalOf, type Said, whyNobody } from "./refusals";
import styles from "./SignIn.module.css";
import { signIn, type Why } from "./session";
import { TEXTS } from "./texts";

/** Whether codes are used in this browser: then the field is there from the start. */
const usesCode = kept<"yes" | "no">("uses-code", ["yes", "no"], "no");

const OPENID = "/api/v1/session/openid";

export function SignIn({ why }: { why: Why }) {
  const { say } = useSpeaker();
  const [refused, setRefused] = useState<Said | null>(null);
  const openId = useOpenId();
  const sentence = refused ?? openIdRefusal(place.get().query.get("openid")) ?? whyNobody(why);
  useEffect(() => {
    document.title = `${say(TEXTS.title)} · ${say(FRAME.wutong)}`;
  });
  return (
    <main class={styles.page}>
      <div class={styles.card}>
        <h1>{say(FRAME.wutong)}</h1>
        <p class={styles.said} role="alert">
          {sentence && say(sentence.text, sentence.values)}
        </p>
        {openId && (
          <>
            <a class={styles.openId} href={OPENID}>
              {say(TEXTS.openId)}
            </a>
            <p class={styles.or}>{say(TEXTS.or)}</p>
          </>
        )}
        <Form onRefused={setRefused} />
        <p class={styles.first}>{say(TEXTS.first)}</p>
        <p class={styles.first}>
          <HelpLink page={null} who={null} />
        </p>
      </div>
      <Switches />
    </main>
  );
}

function Form({ onRefused }: { onRefused: (said: Said | null) => void }) {
  const { say } = useSpeaker();
  const code = useStore(usesCode) === "yes";
  const [busy, setBusy] = useState(false);
  const password = useRef<HTMLInputElement>(null);

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const field = (name: string) => String(form.get(name) ?? "");
    setBusy(true);
    try {
      await signIn(field("name").trim(), field("password"), field("code").replace(/\s/g, ""));
    } catch (error) {
      onRefused(refusalOf(error));
      setBusy(false);
      password.current?.select();
    }
  };

  return (
    <form class={styles.form} onSubmit={(event) => void submit(event)}>
      <label>
        {say(TEXTS.name)}
        <input name="name" autocomplete="username" autocapitalize="none" spellcheck={false} required autofocus />
      </label>
      <label>
        {say(TEXTS.password)}
        <input ref={password} name="password" type="password" autocomplete="current-password" required />
      </label>
      {code ? (
        <label>
          {say(TEXTS.code)}
          <input name="code" inputmode="numeric" autocomplete="one-time-code" aria-describedby="code-hint" />
          <small id="code-hint">{say(TEXTS.codeHint)}</small>
        </label>
      ) : (
        <button type="button" data-plain class={styles.haveCode} onClick={() => usesCode.set("yes")}>
          {say(TEXTS.haveCode)}
        </button>
      )}
      <button type="submit" data-primary disabled={busy}>
        {say(TEXTS.signIn)}
      </button>
    </form>
  );
}

/** Whether the city has a sign-in of its own. */
function useOpenId(): boolean {
  const [there, setThere] = useState(false);
  useEffect(() => {
    ask("get", "/api/v1/session/ways").then(
      (ways) => setThere(ways.openid),
      () => {}, // the form says it when it is used
    );
  }, []);
  return there;
}
