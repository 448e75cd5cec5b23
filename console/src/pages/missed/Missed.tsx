import { useEffect, useState } from "preact/hooks";
import type { MissedOut } from "../../api/schema";
import { useCalling } from "../../calling/useCalling";
import { ListPage, StoryLink } from "../../frame/ListPage";
import { called, useNames } from "../../frame/names";
import { PhoneNumber } from "../../frame/PhoneNumber";
import sheet from "../../frame/Sheet.module.css";
import { useStore } from "../../frame/store";
import { board, follow } from "../../live/live";
import { useSpeaker } from "../../texts/language";
import type { Text } from "../../texts/texts";
import { dayAndTime, duration } from "../../time/format";
import { DoneDialog } from "./DoneDialog";
import { TEXTS } from "./texts";
import { useMissed } from "./useMissed";

const WHY: Readonly<Record<MissedOut["why"], Text>> = {
  "gave-up": TEXTS.gaveUp,
  cut: TEXTS.cut,
  overflowed: TEXTS.overflowed,
  closed: TEXTS.closed,
  refused: TEXTS.refused,
  "not-reached": TEXTS.notReached,
};

const COLUMNS = [TEXTS.number, TEXTS.queue, TEXTS.why, TEXTS.times, TEXTS.waited, TEXTS.first, TEXTS.last] as const;

/** Callers who have not talked with anybody yet. The list begins with the caller whose first try is the oldest. */
export default function Missed() {
  const { say, language } = useSpeaker();
  const names = useNames();
  const live = useStore(board);
  const { answer: callers, error: failed, again } = useMissed(live);
  const behind = (live?.missed ?? []).reduce((sum, { count }) => sum + count, 0) - (callers?.length ?? 0);
  useEffect(follow, []);
  const [doing, setDoing] = useState<MissedOut | null>(null);
  const calling = useCalling();
  return (
    <ListPage
      title={TEXTS.title}
      intro={TEXTS.intro}
      rows={callers}
      failed={failed}
      nothing={TEXTS.nobody}
      columns={COLUMNS}
      more={behind > 0 ? say(TEXTS.more, { count: behind }) : ""}
      row={(one) => (
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
              <StoryLink call={one.id} />
              {calling.can && (
                <button type="button" onClick={() => calling.call({ number: one.number, queue: one.queue })}>
                  {say(TEXTS.call)}
                </button>
              )}
              <button type="button" onClick={() => setDoing(one)}>
                {say(TEXTS.done)}
              </button>
            </div>
          </td>
        </tr>
      )}
    >
      {calling.dialog}
      {doing && <DoneDialog of={doing} onClosed={() => setDoing(null)} onChanged={again} />}
    </ListPage>
  );
}
