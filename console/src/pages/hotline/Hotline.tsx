import { useState } from "preact/hooks";
import { useAnswer } from "../../api/answer";
import { ask } from "../../api/client";
import type { CheckOut, ReloadOut } from "../../api/schema";
import { Dialog } from "../../frame/Dialog";
import { failure } from "../../frame/failure";
import sheet from "../../frame/Sheet.module.css";
import { useSpeaker } from "../../texts/language";
import styles from "./Hotline.module.css";
import { Problems } from "./Problems";
import { TEXTS } from "./texts";

/** What `check` says of the edited folder, and taking it into use. */
export default function Hotline() {
  const speaker = useSpeaker();
  const { language, say } = speaker;
  const {
    answer: found,
    error,
    busy,
    again,
  } = useAnswer((signal) => ask("get", "/api/v1/check", { language }, signal), [language]);
  const [asking, setAsking] = useState(false);
  const [used, setUsed] = useState<ReloadOut | null>(null);
  const use = async () => {
    try {
      setUsed(await ask("post", "/api/v1/reload", { language }));
    } finally {
      again(); // it may have been edited since the last check
    }
  };
  return (
    <main class={sheet.sheet}>
      <div>
        <div class={sheet.bar}>
          <h1>{say(TEXTS.title)}</h1>
          <button type="button" disabled={busy} onClick={again}>
            {say(busy ? TEXTS.checking : TEXTS.check)}
          </button>
          <button type="button" data-primary disabled={busy || !found?.usable} onClick={() => setAsking(true)}>
            {say(TEXTS.use)}
          </button>
        </div>
        <p class={sheet.quiet}>{say(TEXTS.intro)}</p>
        {found && <p class={sheet.quiet}>{say(TEXTS.inUse, { version: found.in_use })}</p>}
      </div>
      <p class={sheet.refused} role="alert">
        {error !== null && failure(error, speaker)}
      </p>
      <div role="status" class={styles.said}>
        {used && <p>{say(used.changed ? TEXTS.used : TEXTS.same, { version: used.version })}</p>}
        {used && [used.taken_back, ...used.removed].map((said) => said && <p key={said}>{said}</p>)}
        {found && <Verdict found={found} />}
      </div>
      {found && found.problems.length > 0 && <Problems problems={found.problems} />}
      {found && found.more > 0 && <p>{say(TEXTS.more, { count: found.more })}</p>}
      {asking && (
        <Dialog title={say(TEXTS.useTitle)} action={say(TEXTS.use)} onSubmit={use} onDone={() => setAsking(false)}>
          <ul class={styles.list}>
            <li>{say(TEXTS.useNew)}</li>
            <li>{say(TEXTS.useSkills)}</li>
          </ul>
        </Dialog>
      )}
    </main>
  );
}

function Verdict({ found }: { found: CheckOut }) {
  const { say } = useSpeaker();
  const errors = found.problems.filter(({ level }) => level === "error").length;
  if (!found.usable) return <p>{say(TEXTS.errors, { errors })}</p>;
  if (found.problems.length === 0) return <p>{say(TEXTS.good)}</p>;
  return <p>{say(TEXTS.warnings, { count: found.problems.length + found.more })}</p>;
}
