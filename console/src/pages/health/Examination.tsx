import { useState } from "preact/hooks";
import { ask } from "../../api/client";
import type { FindingOut } from "../../api/schema";
import { failure } from "../../frame/failure";
import sheet from "../../frame/Sheet.module.css";
import { useSpeaker } from "../../texts/language";
import { findings } from "./looks/checks";
import { Rows } from "./Rows";
import { TEXTS } from "./texts";

/** What `doctor` finds, when somebody asks for it. */
export function Examination() {
  const speaker = useSpeaker();
  const { say } = speaker;
  const [found, setFound] = useState<readonly FindingOut[] | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const examine = async () => {
    setBusy(true);
    try {
      setFound(await ask("get", "/api/v1/doctor"));
      setRefused(null);
    } catch (error) {
      setRefused(failure(error, speaker));
    }
    setBusy(false);
  };

  return (
    <section aria-labelledby="examination" aria-busy={busy}>
      <div class={sheet.bar}>
        <h2 id="examination">{say(TEXTS.examine)}</h2>
        <button type="button" disabled={busy} onClick={() => void examine()}>
          {say(busy ? TEXTS.examining : found === null ? TEXTS.examineNow : TEXTS.examineAgain)}
        </button>
      </div>
      {found === null && <p class={sheet.quiet}>{say(TEXTS.examineWhat)}</p>}
      <p class={sheet.refused} role="alert">
        {refused}
      </p>
      {found !== null && <Rows rows={findings(found)} label={say(TEXTS.examine)} />}
    </section>
  );
}
