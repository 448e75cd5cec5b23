import { useAnswer } from "../../../api/answer";
import { ask } from "../../../api/client";
import type { OwnCallOut } from "../../../api/schema";
import { failure } from "../../../frame/failure";
import type { Agent } from "../../../live/board";
import { useSpeaker } from "../../../texts/language";
import { hourAndMinute } from "../../../time/format";
import { CodeField } from "../wrapup/CodeField";
import { NoteField } from "../wrapup/NoteField";
import { give } from "../wrapup/sheet";
import sheet from "../wrapup/WrapUp.module.css";
import styles from "./Idle.module.css";
import { TEXTS } from "./texts";

const PATH = "/api/v1/calls/{call_id}/wrap-up";

/** The sheet of one of the agent's last calls, in the place of that of the last one. */
export function Finish({ me, call, onClose }: { me: Agent; call: OwnCallOut; onClose: () => void }) {
  const speaker = useSpeaker();
  const { say, language } = speaker;
  const path = { call_id: call.id };
  const { answer, error, again } = useAnswer((cut) => ask("get", PATH, { path }, cut), [call.id]);
  const chosen = async (code: string) => {
    await give(call.id, code);
    again();
  };
  const title = say(TEXTS.about, { time: hourAndMinute(Date.parse(call.began), language) });
  return (
    <section class={sheet.sheet} aria-label={title}>
      <h3 class={styles.head}>
        {title}
        <button type="button" data-plain onClick={onClose}>
          {say(TEXTS.back)}
        </button>
      </h3>
      {error !== null && <p role="alert">{failure(error, speaker)}</p>}
      {answer !== null && (
        <>
          <NoteField wrapUp={answer} />
          {answer.codes.length > 0 && <CodeField wrapUp={answer} me={me} give={chosen} />}
        </>
      )}
    </section>
  );
}
