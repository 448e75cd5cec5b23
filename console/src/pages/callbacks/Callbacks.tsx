import { useEffect, useState } from "preact/hooks";
import type { CallbackOut, PromisesOut } from "../../api/schema";
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
import type { Language, Text } from "../../texts/texts";
import { dayAndTime, hourAndMinute, NOTHING } from "../../time/format";
import { CancelDialog } from "./CancelDialog";
import { page } from "./page";
import { TEXTS } from "./texts";
import { MOST, useCallbacks } from "./useCallbacks";

const WHY: Readonly<Record<NonNullable<CallbackOut["why"]>, Text>> = {
  busy: TEXTS.busy,
  "no-answer": TEXTS.noAnswer,
  unreachable: TEXTS.unreachable,
  "not-confirmed": TEXTS.notConfirmed,
  hours: TEXTS.hours,
  lost: TEXTS.lost,
};

const STATE: Readonly<Record<CallbackOut["state"], Text>> = {
  waiting: TEXTS.waiting,
  dialling: TEXTS.dialling,
  postponed: TEXTS.postponed,
};

const COLUMNS = [
  TEXTS.number,
  TEXTS.queue,
  TEXTS.position,
  TEXTS.since,
  TEXTS.promised,
  TEXTS.attempts,
  TEXTS.state,
  TEXTS.next,
] as const;

/** The callers who are to be called back. The citizen who has waited longest comes first. */
export default function Callbacks() {
  const speaker = useSpeaker();
  const { say, language } = speaker;
  const who = useStore(session);
  const names = useNames();
  const { answer, error: failed, again } = useCallbacks(useStore(board));
  const callbacks = answer?.callbacks ?? null;
  const promises = answer?.promises ?? [];
  useEffect(follow, []);
  const [cancelling, setCancelling] = useState<CallbackOut | null>(null);
  const reads = who.kind === "signed-in" && has(who.who, "supervisor", "administrator", "department");
  return (
    <main class={sheet.sheet}>
      <div>
        <div class={sheet.bar}>
          <h1>{say(page.title)}</h1>
        </div>
        <p class={sheet.quiet}>{say(TEXTS.intro)}</p>
        {promises.length > 0 && (
          <p>{say(TEXTS.kept, { kept: sum(promises, "kept"), count: sum(promises, "ended") })}</p>
        )}
      </div>
      <p class={sheet.refused} role="alert">
        {failed !== null && failure(failed, speaker)}
      </p>
      {callbacks === null && failed === null && <p class={sheet.quiet}>{say(FRAME.loading)}</p>}
      {callbacks?.length === 0 && <p class={sheet.nothing}>{say(TEXTS.nobody)}</p>}
      {callbacks !== null && callbacks.length > 0 && (
        <div class={sheet.room}>
          <table class={sheet.table}>
            <TableHead columns={COLUMNS} doings={TEXTS.doings} />
            <tbody>
              {callbacks.map((one) => (
                <tr key={one.id} data-callback={one.number}>
                  <th scope="row">
                    <PhoneNumber of={one.number} />
                  </th>
                  <td>{called(names?.queues, one.queue, language)}</td>
                  <td>{one.position ?? NOTHING}</td>
                  <td>{dayAndTime(Date.parse(one.since), language)}</td>
                  <td>{promise(one, language)}</td>
                  <td>{one.attempts}</td>
                  <td>{say(far(one))}</td>
                  <td>{one.next !== null && dayAndTime(Date.parse(one.next), language)}</td>
                  <td>
                    <div class={sheet.doings}>
                      {reads && <a href={`/calls?call=${one.call}`}>{say(TEXTS.story)}</a>}
                      <button type="button" onClick={() => setCancelling(one)}>
                        {say(TEXTS.cancel)}
                      </button>
                    </div>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {callbacks?.length === MOST && <p class={sheet.quiet}>{say(TEXTS.more, { count: MOST })}</p>}
      {cancelling && <CancelDialog of={cancelling} onClosed={() => setCancelling(null)} onChanged={again} />}
    </main>
  );
}

function sum(promises: readonly PromisesOut[], what: "kept" | "ended"): number {
  return promises.reduce((total, each) => total + each[what], 0);
}

/** From when until when the citizen can expect the call: `3 Mar, 14:00 – 14:40`. */
function promise({ promised }: CallbackOut, language: Language): string {
  if (promised === null) return NOTHING;
  return `${dayAndTime(Date.parse(promised.from), language)} – ${hourAndMinute(Date.parse(promised.until), language)}`;
}

/** How far it is; of one that was postponed, why. */
function far({ state, why }: CallbackOut): Text {
  return state === "postponed" && why !== null ? WHY[why] : STATE[state];
}
