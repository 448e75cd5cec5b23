import { useEffect, useState } from "preact/hooks";
import { ask } from "../../../api/client";
import type { EarlierOut, NamesOut } from "../../../api/schema";
import { called } from "../../../frame/names";
import { PhoneNumber } from "../../../frame/PhoneNumber";
import { useStore } from "../../../frame/store";
import type { Agent } from "../../../live/board";
import { board } from "../../../live/live";
import { useSpeaker } from "../../../texts/language";
import { named } from "../../../texts/texts";
import { dayAndTime } from "../../../time/format";
import styles from "./History.module.css";
import { Numbers } from "./Numbers";
import { OUTCOMES } from "./outcomes";
import { agentName } from "./people";
import { StoryDialog } from "./StoryDialog";
import { TEXTS } from "./texts";

type Found = { call: string; calls: readonly EarlierOut[] | null };

/** When the citizen called before, what became of it, and what colleagues noted. `known`: the number is not hidden. */
export function History({ me, known, names }: { me: Agent; known: boolean; names: NamesOut | null }) {
  const { say } = useSpeaker();
  const { found, again } = useEarlier(known ? me.call_id : null);
  const [opened, setOpened] = useState<{ call: string; earlier: EarlierOut } | null>(null);
  if (found === null) return null;
  if (found.calls === null) return <p class={styles.before}>{say(TEXTS.unknown)}</p>;
  return (
    <section class={styles.history} aria-label={say(TEXTS.earlier)}>
      {found.calls.length === 0 ? (
        <p class={styles.quiet}>{say(TEXTS.first)}</p>
      ) : (
        <>
          <h3>{say(TEXTS.earlier)}</h3>
          <ul>
            {found.calls.map((call) => (
              <Row
                key={call.id}
                of={call}
                names={names}
                onOpen={() => setOpened({ call: found.call, earlier: call })}
              />
            ))}
          </ul>
        </>
      )}
      <Numbers key={found.call} call={found.call} onChanged={again} />
      {opened?.call === found.call && <StoryDialog {...opened} names={names} onDone={() => setOpened(null)} />}
    </section>
  );
}

function Row({ of, names, onOpen }: { of: EarlierOut; names: NamesOut | null; onOpen: () => void }) {
  const { say, language } = useSpeaker();
  const current = useStore(board);
  const time = dayAndTime(Date.parse(of.started), language);
  const where =
    of.queue !== null
      ? called(names?.queues, of.queue, language)
      : of.sub_hotline && called(names?.departments, of.sub_hotline, language);
  const line = [
    of.direction === "out" && say(TEXTS.out),
    where,
    of.agent !== null && agentName(current, of.agent),
    of.outcome && say(OUTCOMES[of.outcome]),
    of.name === null ? of.code : named(of.name, language),
  ];
  return (
    <li>
      <button type="button" data-plain aria-label={say(TEXTS.open, { time })} onClick={onOpen}>
        {time}
      </button>
      <span>
        {of.caller !== null && (
          <span class={styles.from}>
            {say(TEXTS.from)} <PhoneNumber of={of.caller} /> ·{" "}
          </span>
        )}
        {line.filter(Boolean).join(" · ")}
      </span>
      {of.notes.map(
        ({ agent, note }) =>
          note && (
            <p key={agent} class={styles.note}>
              {of.notes.length > 1 && <strong>{agentName(current, agent)} </strong>}
              {note}
            </p>
          ),
      )}
    </li>
  );
}

/** Asked for once a call, when it rings, and `again`. null: there is no call, or no answer yet. */
function useEarlier(call: string | null): { found: Found | null; again: () => void } {
  const [found, setFound] = useState<Found | null>(null);
  const [turn, setTurn] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` says when
  useEffect(() => {
    if (call === null) return;
    const cut = new AbortController();
    ask("get", "/api/v1/calls/{call_id}/earlier", { path: { call_id: call } }, cut.signal).then(
      (calls) => setFound({ call, calls }),
      () => cut.signal.aborted || setFound({ call, calls: null }),
    );
    return () => cut.abort();
  }, [call, turn]);
  return { found: found?.call === call ? found : null, again: () => setTurn((count) => count + 1) };
}
