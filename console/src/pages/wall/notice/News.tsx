import { useState } from "preact/hooks";
import { ask } from "../../../api/client";
import type { NoticeOut } from "../../../api/schema";
import { Dialog } from "../../../frame/Dialog";
import field from "../../../frame/Field.module.css";
import { failure } from "../../../frame/failure";
import { NoticeLine } from "../../../frame/NoticeLine";
import { useSpeaker } from "../../../texts/language";
import { TEXTS } from "./texts";

const LONGEST = 200;

/** The line of news that stands on the desks; `may`: this person may write it. */
export function News({ notice, may }: { notice: NoticeOut | null; may: boolean }) {
  const speaker = useSpeaker();
  const { say } = speaker;
  const [writes, setWrites] = useState(false);
  const [failed, setFailed] = useState<string | null>(null);
  const remove = () =>
    ask("delete", "/api/v1/notice").then(
      () => setFailed(null),
      (error: unknown) => setFailed(failure(error, speaker)),
    );
  if (notice === null && !may) return null;
  return (
    <NoticeLine notice={notice}>
      {may && (
        <button type="button" data-plain onClick={() => setWrites(true)}>
          {say(notice === null ? TEXTS.write : TEXTS.change)}
        </button>
      )}
      {may && notice !== null && (
        <button type="button" data-plain onClick={() => void remove()}>
          {say(TEXTS.remove)}
        </button>
      )}
      {failed !== null && <span role="alert">{failed}</span>}
      {writes && <Write before={notice?.text ?? ""} onDone={() => setWrites(false)} />}
    </NoticeLine>
  );
}

function Write({ before, onDone }: { before: string; onDone: () => void }) {
  const { say } = useSpeaker();
  const [text, setText] = useState(before);
  const put = () => ask("put", "/api/v1/notice", { body: { text } });
  const hindrance = text.trim() === "" ? say(TEXTS.empty) : null;
  return (
    <Dialog title={say(TEXTS.title)} action={say(TEXTS.publish)} hindrance={hindrance} onSubmit={put} onDone={onDone}>
      <label class={field.field}>
        {say(TEXTS.line)}
        <input
          type="text"
          maxLength={LONGEST}
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
        />
      </label>
    </Dialog>
  );
}
