import { useEffect, useState } from "preact/hooks";
import { ask } from "../../../api/client";
import type { EarlierOut, NamesOut, Outcome } from "../../../api/schema";
import { called } from "../../../frame/names";
import type { Agent } from "../../../live/board";
import { useSpeaker } from "../../../texts/language";
import { named, type Text } from "../../../texts/texts";
import { dayAndTime } from "../../../time/format";
import { TEXTS } from "./texts";
import styles from "./WrapUp.module.css";

const OUTCOMES: Readonly<Record<Outcome, Text>> = {
  answered: TEXTS.answered,
  "sub-hotline": TEXTS.line,
  abandoned: TEXTS.abandoned,
  overflowed: TEXTS.overflowed,
  failed: TEXTS.overflowed,
  message: TEXTS.message,
  "hung-up": TEXTS.hungUp,
  lost: TEXTS.overflowed,
};

type Found = { call: string; calls: readonly EarlierOut[] | null };

/** When this number called before, and what became of it. `known`: the number is not hidden. */
export function EarlierCalls({ me, known, names }: { me: Agent; known: boolean; names: NamesOut | null }) {
  const { say, language } = useSpeaker();
  const found = useEarlier(known ? me.call_id : null);
  if (found === null) return null;
  if (found.calls === null) return <p class={styles.before}>{say(TEXTS.unknown)}</p>;
  if (found.calls.length === 0) return <p class={styles.before}>{say(TEXTS.first)}</p>;
  const where = (call: EarlierOut) => {
    if (call.queue !== null) return called(names?.queues, call.queue, language);
    return call.sub_hotline && called(names?.departments, call.sub_hotline, language);
  };
  const told = (call: EarlierOut) => [
    dayAndTime(Date.parse(call.started), language),
    where(call),
    call.outcome && say(OUTCOMES[call.outcome]),
    call.name === null ? call.code : named(call.name, language),
  ];
  return (
    <section class={styles.earlier} aria-label={say(TEXTS.earlier)}>
      <h3>{say(TEXTS.earlier)}</h3>
      <ul>
        {found.calls.map((call) => (
          <li key={call.id}>{told(call).filter(Boolean).join(" · ")}</li>
        ))}
      </ul>
    </section>
  );
}

/** Asked for once a call, when it rings. null: there is no call, or no answer yet. */
function useEarlier(call: string | null): Found | null {
  const [found, setFound] = useState<Found | null>(null);
  useEffect(() => {
    if (call === null) return;
    const cut = new AbortController();
    ask("get", "/api/v1/calls/{call_id}/earlier", { path: { call_id: call } }, cut.signal).then(
      (calls) => setFound({ call, calls }),
      () => cut.signal.aborted || setFound({ call, calls: null }),
    );
    return () => cut.abort();
  }, [call]);
  return found?.call === call ? found : null;
}
