import { useAnswer } from "../../../api/answer";
import { ask } from "../../../api/client";
import { failure } from "../../../frame/failure";
import sheet from "../../../frame/Sheet.module.css";
import { useSpeaker } from "../../../texts/language";
import type { Files, PaneProps } from "../model";
import { Changes } from "./Changes";
import { sent } from "./sent";
import { TEXTS, TRY } from "./texts";

const DAYS = 7;

/** Changes that are shown, those of the most callers; "Tests, replay" shows all. */
const SHOWN = 5;

export interface ElsewhereProps {
  readonly files: Files;
  readonly onPlace: PaneProps["onPlace"];
  /** Without the buttons that lead to the picture, which a dialog covers. */
  readonly covered?: boolean;
}

/** Who of the last days' callers would end elsewhere under these files, before they are published. */
export function Elsewhere({ files, onPlace, covered = false }: ElsewhereProps) {
  const speaker = useSpeaker();
  const { language, say } = speaker;
  const { answer, error, busy } = useAnswer(
    (signal) => ask("post", "/api/v1/drafts/replay", { body: { files: sent(files), days: DAYS }, language }, signal),
    [files, language],
  );
  const changes = (answer?.changes ?? []).slice(0, SHOWN);
  const more = (answer?.changes.length ?? 0) - changes.length;
  return (
    <section aria-label={say(TRY.replay)}>
      <p role="status" data-replayed={!busy}>
        {busy ? say(TEXTS.busy) : error === null && answer && (answer.callers ? answer.summary : say(TRY.nobody))}
      </p>
      {!busy && error !== null && <p class={sheet.quiet}>{say(TRY.unknown, { why: failure(error, speaker) })}</p>}
      {!busy && (
        <Changes changes={covered ? changes.map((each) => ({ ...each, place: null })) : changes} onPlace={onPlace} />
      )}
      {!busy && more > 0 && <p class={sheet.quiet}>{say(TRY.more, { count: more })}</p>}
    </section>
  );
}
