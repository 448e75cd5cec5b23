import { useEffect, useState } from "preact/hooks";
import { address, ask } from "../../api/client";
import type { MessageOut } from "../../api/schema";
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
import { dayAndTime, duration } from "../../time/format";
import { DoneDialog, RemoveDialog } from "./DoneDialog";
import styles from "./Messages.module.css";
import { TEXTS } from "./texts";
import { MOST, useMessages } from "./useMessages";

const COLUMNS = [TEXTS.number, TEXTS.queue, TEXTS.at, TEXTS.length, TEXTS.sound, TEXTS.who] as const;

/** The messages that nobody has answered yet. */
export default function Messages() {
  const speaker = useSpeaker();
  const { say, language } = speaker;
  const who = useStore(session);
  const names = useNames();
  const { answer: messages, error: unread, again } = useMessages(useStore(board));
  useEffect(follow, []);
  const [refused, setRefused] = useState<unknown>(null);
  const [open, setOpen] = useState<{ what: "done" | "remove"; of: MessageOut } | null>(null);
  const signedIn = who.kind === "signed-in";
  const reads = signedIn && has(who.who, "supervisor", "administrator", "department");
  const removes = signedIn && has(who.who, "supervisor", "administrator");
  const failed = refused ?? unread;
  const order = async (what: "take" | "return", of: MessageOut) => {
    try {
      await ask("post", `/api/v1/messages/{message_id}/${what}`, { path: { message_id: of.id } });
      setRefused(null);
    } catch (error) {
      setRefused(error);
    }
    again();
  };
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
      {messages === null && unread === null && <p class={sheet.quiet}>{say(FRAME.loading)}</p>}
      {messages?.length === 0 && <p class={sheet.nothing}>{say(TEXTS.nothing)}</p>}
      {messages !== null && messages.length > 0 && (
        <div class={sheet.room}>
          <table class={sheet.table}>
            <TableHead columns={COLUMNS} doings={TEXTS.doings} />
            <tbody class={styles.rows}>
              {messages.map((one) => (
                <tr key={one.id} data-message={one.number}>
                  <th scope="row">{one.number === "" ? say(TEXTS.hidden) : <PhoneNumber of={one.number} />}</th>
                  <td>{called(names?.queues, one.queue, language)}</td>
                  <td>{dayAndTime(Date.parse(one.at), language)}</td>
                  <td>{duration(one.seconds)}</td>
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
                  <td>{one.mine ? say(TEXTS.mine) : one.taken_by?.replace(/^\w+:/, "")}</td>
                  <td>
                    <div class={sheet.doings}>
                      {reads && <a href={`/calls?call=${one.id}`}>{say(TEXTS.story)}</a>}
                      {one.taken_by === null && (
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
                      {removes && (
                        <button type="button" onClick={() => setOpen({ what: "remove", of: one })}>
                          {say(TEXTS.remove)}
                        </button>
                      )}
                    </div>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {messages?.length === MOST && <p class={sheet.quiet}>{say(TEXTS.more, { count: MOST })}</p>}
      {open?.what === "done" && <DoneDialog of={open.of} onClosed={() => setOpen(null)} onChanged={again} />}
      {open?.what === "remove" && <RemoveDialog of={open.of} onClosed={() => setOpen(null)} onChanged={again} />}
    </main>
  );
}
