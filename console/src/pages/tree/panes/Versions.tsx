import { useState } from "preact/hooks";
import { useAnswer } from "../../../api/answer";
import { ask } from "../../../api/client";
import type { VersionOut } from "../../../api/schema";
import { Dialog } from "../../../frame/Dialog";
import { failure } from "../../../frame/failure";
import sheet from "../../../frame/Sheet.module.css";
import { useStore } from "../../../frame/store";
import { board } from "../../../live/live";
import { useSpeaker } from "../../../texts/language";
import { moment } from "../../../time/format";
import type { PaneProps } from "../model";
import { Changes } from "./Changes";
import { Elsewhere } from "./Elsewhere";
import styles from "./Panes.module.css";
import { type Published, publish, published } from "./published";
import { sent } from "./sent";
import { COMPARE, PUBLISH } from "./texts";

/** What was published, and going back to it. */
export function Versions({ version, onPublished }: PaneProps) {
  const speaker = useSpeaker();
  const { language, say } = speaker;
  const trial = useStore(board)?.trial; // another one whenever a trial begins or ends
  const { answer, error, again } = useAnswer(published, [version, trial]);
  const [asked, setAsked] = useState<VersionOut | null>(null);
  const [ended, setEnded] = useState<VersionOut | null>(null);
  const [done, setDone] = useState<number | null>(null);
  const use = async (number: number, note: string, { etag }: Published) => {
    const made = await publish({ version: number, note }, etag, language).finally(again);
    setDone(made.number);
    onPublished(made.number);
  };
  const back = (to: VersionOut, known: Published) =>
    use(to.number, runs(to) ? to.note : say(PUBLISH.backNote, { number: to.number }), known);
  const inUse = answer?.versions.find(({ current }) => current);
  return (
    <div class={styles.pane}>
      <p class={sheet.refused} role="alert">
        {error !== null && failure(error, speaker)}
      </p>
      <p role="status">{done !== null && say(PUBLISH.done, { number: done })}</p>
      {answer && (
        <div class={sheet.room}>
          <table class={sheet.table}>
            <thead>
              <tr>
                <th scope="col">{say(PUBLISH.number)}</th>
                <th scope="col">{say(PUBLISH.at)}</th>
                <th scope="col">{say(PUBLISH.author)}</th>
                <th scope="col">{say(PUBLISH.why)}</th>
                <th scope="col">
                  <span class="spoken">{say(PUBLISH.doings)}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {answer.versions.map((each) => (
                <tr key={each.number} data-version={each.number}>
                  <th scope="row">{each.number}</th>
                  <td>{moment(each.at)}</td>
                  <td>{each.author.replace(/^user:/, "")}</td>
                  <td class={styles.why}>
                    {each.note}
                    {each.trial && <Trial trial={each.trial} />}
                  </td>
                  <td>
                    {each.current ? (
                      <strong>{say(PUBLISH.current)}</strong>
                    ) : (
                      <button type="button" onClick={() => setAsked(each)}>
                        {say(runs(each) ? PUBLISH.toAll : PUBLISH.backTo)}
                      </button>
                    )}
                    {runs(each) && inUse && (
                      <button type="button" onClick={() => setEnded(each)}>
                        {say(PUBLISH.takeBack)}
                      </button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {asked && answer && (
        <Dialog
          title={say(runs(asked) ? PUBLISH.toAllTitle : PUBLISH.backTitle, { number: asked.number })}
          action={say(runs(asked) ? PUBLISH.toAllDo : PUBLISH.backDo)}
          onSubmit={() => back(asked, answer)}
          onDone={() => setAsked(null)}
        >
          <Undone to={asked.number} />
        </Dialog>
      )}
      {ended && answer && inUse && (
        <Dialog
          title={say(PUBLISH.takeBackTitle, { number: ended.number })}
          action={say(PUBLISH.takeBackDo)}
          narrow
          onSubmit={() => use(inUse.number, say(PUBLISH.takeBackNote, { number: ended.number }), answer)}
          onDone={() => setEnded(null)}
        >
          <p>{say(PUBLISH.takeBackWhat, { number: inUse.number })}</p>
        </Dialog>
      )}
    </div>
  );
}

/** It is on trial. */
function runs({ trial }: VersionOut): boolean {
  return trial?.verdict === "running";
}

/** How a trial stands, or how it ended. */
function Trial({ trial }: { trial: NonNullable<VersionOut["trial"]> }) {
  const { say } = useSpeaker();
  const { percent, calls, given_up: gaveUp, rest, verdict } = trial;
  return (
    <p class={verdict === "taken-back" ? sheet.refused : sheet.quiet} data-trial={verdict}>
      {say(PUBLISH.trial, { percent, calls, gaveUp, restCalls: rest.calls, restGaveUp: rest.given_up })}
      {verdict === "taken-back" && <> · {say(PUBLISH.takenBack)}</>}
      {verdict !== "taken-back" && verdict !== "running" && <> · {say(PUBLISH.over)}</>}
    </p>
  );
}

/** What callers would notice of going back, and who of the last days' callers would end elsewhere. */
function Undone({ to }: { to: number }) {
  const speaker = useSpeaker();
  const { language, say } = speaker;
  const { answer, error } = useAnswer(
    async (signal) => {
      const { files } = await ask("get", "/api/v1/versions/{number}/files", { path: { number: String(to) } }, signal);
      const body = { files: sent(files), against: null };
      return { files, changes: await ask("post", "/api/v1/drafts/differences", { body, language }, signal) };
    },
    [to, language],
  );
  return (
    <>
      <p class={sheet.refused}>{error !== null && failure(error, speaker)}</p>
      <p role="status">{answer && say(answer.changes.length ? PUBLISH.backChanges : COMPARE.same)}</p>
      {answer && (
        <>
          <Changes changes={answer.changes.map((each) => ({ ...each, place: null }))} onPlace={() => {}} />
          <Elsewhere files={answer.files} onPlace={() => {}} covered />
        </>
      )}
    </>
  );
}
