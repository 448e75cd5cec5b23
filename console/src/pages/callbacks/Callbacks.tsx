import { useEffect, useState } from "preact/hooks";
import { ask } from "../../api/client";
import type { CallbackOut, PromisesOut } from "../../api/schema";
import { useCalling } from "../../calling/useCalling";
import { ListPage, StoryLink } from "../../frame/ListPage";
import { called, useNames } from "../../frame/names";
import { PhoneNumber } from "../../frame/PhoneNumber";
import sheet from "../../frame/Sheet.module.css";
import { useStore } from "../../frame/store";
import { board, follow } from "../../live/live";
import { has, session } from "../../session/session";
import { type Speaker, useSpeaker } from "../../texts/language";
import type { Language, Text } from "../../texts/texts";
import { dayAndTime, hourAndMinute, NOTHING } from "../../time/format";
import { CancelDialog } from "./CancelDialog";
import { page } from "./page";
import { TakeDialog } from "./TakeDialog";
import { TEXTS } from "./texts";
import { MOST, useCallbacks } from "./useCallbacks";

const WHY: Readonly<Record<NonNullable<CallbackOut["why"]>, Text>> = {
  busy: TEXTS.busy,
  "no-answer": TEXTS.noAnswer,
  declined: TEXTS.declined,
  invalid: TEXTS.invalid,
  unreachable: TEXTS.unreachable,
  "not-confirmed": TEXTS.notConfirmed,
  hours: TEXTS.hours,
  lost: TEXTS.lost,
  agent: TEXTS.agent,
};

const STATE: Readonly<Record<CallbackOut["state"], Text>> = {
  waiting: TEXTS.waiting,
  dialling: TEXTS.dialling,
  talking: TEXTS.talking,
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
  const { answer, error: unread, again } = useCallbacks(useStore(board));
  const promises = answer?.promises ?? [];
  useEffect(follow, []);
  const [open, setOpen] = useState<{ what: "cancel" | "take"; of: CallbackOut } | null>(null);
  const [refused, setRefused] = useState<unknown>(null);
  const calling = useCalling();
  const supervises = who.kind === "signed-in" && has(who.who, "supervisor", "administrator");
  const giveBack = async (of: CallbackOut) => {
    try {
      await ask("post", "/api/v1/callbacks/{callback_id}/return", { path: { callback_id: of.id } });
      setRefused(null);
    } catch (error) {
      setRefused(error);
    }
    again();
  };
  return (
    <ListPage
      title={page.title}
      intro={TEXTS.intro}
      beside={
        promises.length > 0 && <p>{say(TEXTS.kept, { kept: sum(promises, "kept"), count: sum(promises, "ended") })}</p>
      }
      rows={answer?.callbacks ?? null}
      failed={refused ?? unread}
      nothing={TEXTS.nobody}
      columns={COLUMNS}
      more={answer?.callbacks.length === MOST ? say(TEXTS.more, { count: MOST }) : ""}
      row={(one) => (
        <tr key={one.id} data-callback={one.number}>
          <th scope="row">
            <PhoneNumber of={one.number} />
          </th>
          <td>{called(names?.queues, one.queue, language)}</td>
          <td>{one.position ?? NOTHING}</td>
          <td>{dayAndTime(Date.parse(one.since), language)}</td>
          <td>{promise(one, language)}</td>
          <td>{one.attempts}</td>
          <td>{taken(one, speaker) ?? say(far(one))}</td>
          <td>{one.next !== null && dayAndTime(Date.parse(one.next), language)}</td>
          <td>
            <div class={sheet.doings}>
              <StoryLink call={one.call} />
              {one.mine && calling.can && (
                <button type="button" onClick={() => calling.call(one)}>
                  {say(TEXTS.call)}
                </button>
              )}
              {(one.taken_by === null || one.mine) && one.state !== "dialling" && one.state !== "talking" && (
                <button type="button" onClick={() => setOpen({ what: "take", of: one })}>
                  {say(one.mine ? TEXTS.otherTime : TEXTS.take)}
                </button>
              )}
              {(one.mine || (one.taken_by !== null && supervises)) && (
                <button type="button" onClick={() => giveBack(one)}>
                  {say(TEXTS.back)}
                </button>
              )}
              <button type="button" onClick={() => setOpen({ what: "cancel", of: one })}>
                {say(TEXTS.cancel)}
              </button>
            </div>
          </td>
        </tr>
      )}
    >
      {calling.dialog}
      {open?.what === "cancel" && <CancelDialog of={open.of} onClosed={() => setOpen(null)} onChanged={again} />}
      {open?.what === "take" && <TakeDialog of={open.of} onClosed={() => setOpen(null)} onChanged={again} />}
    </ListPage>
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

/** Who calls the citizen by hand, and until when; null: nobody. */
function taken({ mine, taken_by, taken_until }: CallbackOut, { say, language }: Speaker): string | null {
  if (taken_by === null || taken_until === null) return null;
  const until = dayAndTime(Date.parse(taken_until), language);
  return mine ? say(TEXTS.mine, { until }) : say(TEXTS.taken, { who: taken_by.replace(/^\w+:/, ""), until });
}

/** How far it is; of one that was postponed, why. */
function far({ state, why }: CallbackOut): Text {
  return state === "postponed" && why !== null ? WHY[why] : STATE[state];
}
