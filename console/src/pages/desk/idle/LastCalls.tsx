import { useAnswer } from "../../../api/answer";
import { ask } from "../../../api/client";
import type { NamesOut, OwnCallOut } from "../../../api/schema";
import { called } from "../../../frame/names";
import { PhoneNumber } from "../../../frame/PhoneNumber";
import { useStore } from "../../../frame/store";
import type { Agent } from "../../../live/board";
import { useSpeaker } from "../../../texts/language";
import { named } from "../../../texts/texts";
import { now } from "../../../time/clock";
import { hourAndMinute } from "../../../time/format";
import { given, progress } from "../wrapup/sheet";
import styles from "./Idle.module.css";
import { TEXTS } from "./texts";

interface LastCallsProps {
  me: Agent;
  names: NamesOut | null;
  /** The call whose sheet is open. */
  opened: string | null;
  onOpen: (call: OwnCallOut | null) => void;
}

/** The agent's last calls: what was noted of each, and a way to what was left open. */
export function LastCalls({ me, names, opened, onOpen }: LastCallsProps) {
  const { say } = useSpeaker();
  // What was noted since is shown: the notes that are saved, and the codes that are given.
  const saved = [...useStore(progress).values()].filter(({ kind }) => kind === "saved").length;
  const codes = useStore(given);
  const path = { agent_id: me.id };
  const { answer, error } = useAnswer(
    (cut) => ask("get", "/api/v1/agents/{agent_id}/calls", { path }, cut),
    [me.id, me.state, me.call_id, opened, saved, codes],
  );
  return (
    <section class={styles.part} aria-label={say(TEXTS.last)}>
      <h2>{say(TEXTS.last)}</h2>
      {answer === null && error !== null && <p role="status">{say(TEXTS.unread)}</p>}
      {answer?.length === 0 && <p class={styles.quiet}>{say(TEXTS.noCalls)}</p>}
      <ul class={styles.calls}>
        {answer?.map((call) => (
          <Row
            key={call.id}
            of={call}
            names={names}
            open={call.id === opened}
            onOpen={() => onOpen(call.id === opened ? null : call)}
          />
        ))}
      </ul>
    </section>
  );
}

interface RowProps {
  of: OwnCallOut;
  names: NamesOut | null;
  open: boolean;
  onOpen: () => void;
}

function Row({ of, names, open, onOpen }: RowProps) {
  const { say, language } = useSpeaker();
  const may = of.until === null || Date.parse(of.until) > now();
  const code = of.name === null ? of.code : named(of.name, language);
  return (
    <li data-open={of.open || undefined}>
      <span class={styles.figure}>{hourAndMinute(Date.parse(of.began), language)}</span>
      <span>
        {of.caller ? <PhoneNumber of={of.caller} /> : say(TEXTS.hidden)}
        {of.direction === "out" && <span class={styles.quiet}> · {say(TEXTS.out)}</span>}
        {of.queue !== null && <span class={styles.quiet}> · {called(names?.queues, of.queue, language)}</span>}
        {of.cut && <span class={styles.missing}> · {say(TEXTS.cut)}</span>}
      </span>
      <span class={of.open ? styles.missing : undefined}>{of.open ? say(TEXTS.open) : code}</span>
      {may && (
        <button type="button" aria-expanded={open} onClick={onOpen}>
          {say(of.open ? TEXTS.finish : TEXTS.edit)}
        </button>
      )}
      {of.note !== "" && <span class={styles.note}>{of.note}</span>}
    </li>
  );
}
