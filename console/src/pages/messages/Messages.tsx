import { useEffect, useState } from "preact/hooks";
import { address, ask } from "../../api/client";
import type { MessageOut } from "../../api/schema";
import { useCalling } from "../../calling/useCalling";
import { ListPage, StoryLink } from "../../frame/ListPage";
import { called, useNames } from "../../frame/names";
import { PhoneNumber } from "../../frame/PhoneNumber";
import sheet from "../../frame/Sheet.module.css";
import { useStore } from "../../frame/store";
import { board, follow } from "../../live/live";
import { has, session } from "../../session/session";
import { useSpeaker } from "../../texts/language";
import { dayAndTime, duration } from "../../time/format";
import { DoneDialog, RemoveDialog } from "./DoneDialog";
import styles from "./Messages.module.css";
import { TEXTS } from "./texts";
import { MOST, useMessages } from "./useMessages";

const SHARED = [TEXTS.number, TEXTS.queue, TEXTS.at, TEXTS.length] as const;
const OPEN = [...SHARED, TEXTS.sound, TEXTS.who] as const;
const DONE = [...SHARED, TEXTS.doneBy, TEXTS.noteWritten] as const;

/** The messages that nobody has finished yet; or those of the last days that are done. */
export default function Messages() {
  const { say, language } = useSpeaker();
  const who = useStore(session);
  const names = useNames();
  const [past, setPast] = useState(false);
  const { answer: messages, error: unread, again } = useMessages(useStore(board), past);
  useEffect(follow, []);
  const [refused, setRefused] = useState<unknown>(null);
  const [open, setOpen] = useState<{ what: "done" | "remove"; of: MessageOut } | null>(null);
  const calling = useCalling();
  const removes = who.kind === "signed-in" && has(who.who, "supervisor", "administrator");
  const order = async (what: "take" | "return", of: MessageOut) => {
    try {
      await ask("post", `/api/v1/messages/{message_id}/${what}`, { path: { message_id: of.id } });
      setRefused(null);
      return true;
    } catch (error) {
      setRefused(error);
      return false;
    } finally {
      again();
    }
  };
  const callBack = async (of: MessageOut) => {
    if (of.mine || (await order("take", of))) calling.call({ number: of.number, queue: of.queue });
  };
  return (
    <ListPage
      title={TEXTS.title}
      intro={TEXTS.intro}
      beside={
        <label>
          <span class="spoken">{say(TEXTS.which)}</span>
          <select value={past ? "done" : ""} onChange={({ currentTarget }) => setPast(currentTarget.value !== "")}>
            <option value="">{say(TEXTS.open)}</option>
            <option value="done">{say(TEXTS.past)}</option>
          </select>
        </label>
      }
      rows={messages}
      failed={refused ?? unread}
      nothing={TEXTS.nothing}
      columns={past ? DONE : OPEN}
      style={styles.rows}
      more={messages?.length === MOST ? say(past ? TEXTS.morePast : TEXTS.more, { count: MOST }) : ""}
      row={(one) => (
        <tr key={one.id} data-message={one.number}>
          <th scope="row">{one.number === "" ? say(TEXTS.hidden) : <PhoneNumber of={one.number} />}</th>
          <td>
            {called(names?.queues, one.queue, language)}
            {one.survey && <div class={sheet.quiet}>{say(TEXTS.afterSurvey)}</div>}
          </td>
          <td>{dayAndTime(Date.parse(one.at), language)}</td>
          <td>{duration(one.seconds)}</td>
          {past ? (
            <>
              <td>
                {account(one.done_by)}
                {one.done_at !== null && ` · ${dayAndTime(Date.parse(one.done_at), language)}`}
                <CalledBack of={one} />
              </td>
              <td>{one.note}</td>
            </>
          ) : (
            <>
              <td>
                {/* biome-ignore lint/a11y/useMediaCaption: nobody has written down what the caller says */}
                <audio
                  class={styles.listen}
                  controls
                  preload="none"
                  src={address("/api/v1/messages/{message_id}/audio", { message_id: one.id })}
                  aria-label={say(TEXTS.sound)}
                />
              </td>
              <td>
                {one.mine ? say(TEXTS.mine) : account(one.taken_by)}
                <CalledBack of={one} />
              </td>
            </>
          )}
          <td>
            <div class={sheet.doings}>
              <StoryLink call={one.id} />
              {!past && calling.can && one.number !== "" && (one.mine || one.taken_by === null) && (
                <button type="button" onClick={() => callBack(one)}>
                  {say(TEXTS.callBack)}
                </button>
              )}
              {!past && one.taken_by === null && (
                <button type="button" onClick={() => order("take", one)}>
                  {say(TEXTS.take)}
                </button>
              )}
              {one.mine && (
                <>
                  <button type="button" onClick={() => order("return", one)}>
                    {say(TEXTS.back)}
                  </button>
                  <button type="button" onClick={() => setOpen({ what: "done", of: one })}>
                    {say(TEXTS.done)}
                  </button>
                </>
              )}
              {!past && removes && (
                <button type="button" onClick={() => setOpen({ what: "remove", of: one })}>
                  {say(TEXTS.remove)}
                </button>
              )}
            </div>
          </td>
        </tr>
      )}
    >
      {calling.dialog}
      {open?.what === "done" && <DoneDialog of={open.of} onClosed={() => setOpen(null)} onChanged={again} />}
      {open?.what === "remove" && <RemoveDialog of={open.of} onClosed={() => setOpen(null)} onChanged={again} />}
    </ListPage>
  );
}

/** `agent:1001` → `1001`. */
function account(name: string | null): string {
  return name?.replace(/^\w+:/, "") ?? "";
}

/** That an agent has talked with the citizen since. */
function CalledBack({ of }: { of: MessageOut }) {
  const { say, language } = useSpeaker();
  if (of.called_at === null) return null;
  const time = dayAndTime(Date.parse(of.called_at), language);
  return <div class={sheet.quiet}>{say(TEXTS.calledBack, { agent: account(of.called_by), time })}</div>;
}
