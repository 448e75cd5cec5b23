import { useEffect, useRef, useState } from "preact/hooks";
import { useAnswer } from "../../../api/answer";
import { ask } from "../../../api/client";
import field from "../../../frame/Field.module.css";
import { failure } from "../../../frame/failure";
import sheet from "../../../frame/Sheet.module.css";
import { useSpeaker } from "../../../texts/language";
import type { PaneProps } from "../model";
import { Changes } from "./Changes";
import styles from "./Panes.module.css";
import { sent } from "./sent";
import { COMPARE, TEXTS } from "./texts";

/** What callers would notice of the draft, compared with a version; the picture has marks. */
export function Compare({ files, version, onPlace, onMark }: PaneProps) {
  const speaker = useSpeaker();
  const { language, say } = speaker;
  const [chosen, setChosen] = useState<number | null>(null);
  const versions = useAnswer((signal) => ask("get", "/api/v1/versions", {}, signal), [version]);
  const current = versions.answer?.find((each) => each.current)?.number ?? version;
  const against = chosen ?? current;
  const differences = useAnswer(
    (signal) => ask("post", "/api/v1/drafts/differences", { body: { files: sent(files), against }, language }, signal),
    [files, against, language],
  );
  const mark = useRef(onMark);
  mark.current = onMark;
  useEffect(() => mark.current?.(against), [against]);
  useEffect(() => () => mark.current?.(null), []);
  const error = differences.error ?? versions.error;
  return (
    <div class={styles.pane}>
      <div class={styles.form}>
        <label class={field.field}>
          {say(COMPARE.against)}
          <select value={against} onChange={({ currentTarget }) => setChosen(Number(currentTarget.value))}>
            {(versions.answer ?? []).map(({ number, note }) => (
              <option key={number} value={number}>
                {say(COMPARE.version, { number, note: note || say(COMPARE.noNote) })}
              </option>
            ))}
          </select>
        </label>
      </div>
      <p class={sheet.refused} role="alert">
        {error !== null && failure(error, speaker)}
      </p>
      <p role="status">
        {differences.error === null &&
          say(differences.busy ? TEXTS.busy : differences.answer?.length ? COMPARE.intro : COMPARE.same)}
      </p>
      {differences.error === null && differences.answer && <Changes changes={differences.answer} onPlace={onPlace} />}
    </div>
  );
}
