import { useEffect, useState } from "preact/hooks";
import type { MissedOut } from "../../api/schema";
import { CallDialog } from "../../calling/CallDialog";
import { useCallsOut } from "../../calling/useCallsOut";
import { failure } from "../../frame/failure";
import { called, useNames } from "../../frame/names";
import { PhoneNumber } from "../../frame/PhoneNumber";
import sheet from "../../frame/Sheet.module.css";
import { useStore } from "../../frame/store";
import { TableHead } from "../../frame/TableHead";
import { TEXTS as FRAME } from "../../frame/texts";
import { board, follow } from "../../live/live";
import { has, session } from "../../session/session";
import { useSpeaker } from "../../texts/language";
import type { Text } from "../../texts/texts";
import { dayAndTime, duration } from "../../time/format";
import { DoneDialog } from "./DoneDialog";
import { TEXTS } from "./texts";
import { useMissed } from "./useMissed";

const WHY: Readonly<Record<MissedOut["why"], Text>> = {
  "gave-up": TEXTS.gaveUp,
  overflowed: TEXTS.overflowed,
  closed: TEXTS.closed,
  refused: TEXTS.refused,
  "not-reached": TEXTS.notReached,
};

const COLUMNS = [TEXTS.number, TEXTS.queue, TEXTS.why, TEXTS.times, TEXTS.waited, TEXTS.first, TEXTS.last] as const;

/** The callers to whom nobody has spoken yet. The caller with the oldest first try comes first. */
export default function Missed() {
  const speaker = useSpeaker();
  const { say, language } = speaker;
  const who = useStore(session);
  const names = useNames();
  const live = useStore(board);
  const { answer: callers, error: failed, again } = useMissed(live);
  const behind = (live?.missed ?? []).reduce((sum, { count }) => sum + count, 0) - (callers?.length ?? 0);
  useEffect(follow, []);
  const [doing, setDoing] = useState<MissedOut | null>(null);
  const [calling, setCalling] = useState<MissedOut | null>(null);
  const agent = who.kind === "signed-in" && has(who.who, "agent") ? who.who.agent : null;
  const queues = useCallsOut(agent);
  const reads = who.kind === "signed-in" && has(who.who, "supervisor", "administrator", "department");
  return (
    <main class={sheet.sheet}>
      <div>
        <div class={sheet.bar}>
          <h1>{say(TEXTS.title)}</h1>
        </div>
        <p class={sheet.quiet}>{say(TEXTS.intro)}</p>
      </div>
      <p class={sheet.refused} role="alert">
        {failed !== null && failure(failed, speaker)}
      </p>
      {callers === null && failed === null && <p class={sheet.quiet}>{say(FRAME.loading)}</p>}
      {callers?.length === 0 && <p class={sheet.nothing}>{say(TEXTS.nobody)}</p>}
      {callers !== null && callers.length > 0 && (
        <div class={sheet.room}>
          <table class={sheet.table}>
            <TableHead columns={COLUMNS} doings={TEXTS.doings} />
            <tbody>
              {callers.map((one) => (
                <tr key={one.id + one.queue} data-missed={one.number}>
                  <th scope="row">
                    <PhoneNumber of={one.number} />
                  </th>
                  <td>{one.queue === null ? say(TEXTS.whole) : called(names?.queues, one.queue, language)}</td>
                  <td>{say(one.again ? TEXTS.again : WHY[one.why])}</td>
                  <td>{one.times}</td>
                  <td>{one.waited_s > 0 && duration(one.waited_s)}</td>
                  <td>{dayAndTime(Date.parse(one.first), language)}</td>
                  <td>{dayAndTime(Date.parse(one.last), language)}</td>
                  <td>
                    <div class={sheet.doings}>
                      {reads && <a href={`/calls?call=${one.id}`}>{say(TEXTS.story)}</a>}
                      {queues.length > 0 && (
                        <button type="button" onClick={() => setCalling(one)}>
                          {say(TEXTS.call)}
                        </button>
                      )}
                      <button type="button" onClick={() => setDoing(one)}>
                        {say(TEXTS.done)}
                      </button>
                    </div>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {callers !== null && behind > 0 && callers.length > 0 && (
        <p class={sheet.quiet}>{say(TEXTS.more, { count: behind })}</p>
      )}
      {calling && agent !== null && (
        <CallDialog
          agent={agent}
          queues={queues}
          number={calling.number}
          queue={calling.queue}
          onClosed={() => setCalling(null)}
        />
      )}
      {doing && <DoneDialog of={doing} onClosed={() => setDoing(null)} onChanged={again} />}
    </main>
  );
}
