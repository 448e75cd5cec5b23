import { useAnswer } from "../../api/answer";
import { ask } from "../../api/client";
import fields from "../../frame/Field.module.css";
import { failure } from "../../frame/failure";
import { go, place } from "../../frame/place";
import sheet from "../../frame/Sheet.module.css";
import { useStore } from "../../frame/store";
import { TEXTS as FRAME } from "../../frame/texts";
import { session } from "../../session/session";
import { useSpeaker } from "../../texts/language";
import { now } from "../../time/clock";
import { clock } from "../../time/zone";
import { agentCalled, useKnown } from "../calls/known";
import styles from "./Day.module.css";
import { Drawing } from "./Drawing";
import { later } from "./hours";
import { Spans } from "./Spans";
import { Sums } from "./Sums";
import { TEXTS } from "./texts";

/** What one agent did on one day: `/day?agent=1001&date=2026-03-02`. Without these: the own day, today. */
export default function Day() {
  const speaker = useSpeaker();
  const { say } = speaker;
  const known = useKnown();
  const { query } = useStore(place);
  const who = useStore(session);
  const own = who.kind === "signed-in" ? who.who.agent : null;
  const agent = query.get("agent") ?? own ?? "";
  const today = clock(now()).slice(0, 10);
  const date = query.get("date") ?? today;
  const choose = (to: string, day: string) => go(`/day?${new URLSearchParams({ agent: to, date: day })}`);
  const read = (cut: AbortSignal) =>
    agent === ""
      ? Promise.resolve(null)
      : ask("get", "/api/v1/reports/agents/{agent_id}/day", { path: { agent_id: agent }, query: { date } }, cut);
  const { answer, error, again } = useAnswer(read, [agent, date]);
  const shown = error === null && answer?.agent === agent && answer.date === date ? answer : null;
  const agents = known.agents.has(agent) || agent === "" ? [...known.agents.keys()] : [agent, ...known.agents.keys()];
  return (
    <main class={sheet.sheet}>
      <div>
        <div class={sheet.bar}>
          <h1>{say(TEXTS.title)}</h1>
          <search class={styles.choices}>
            <label class={fields.field}>
              {say(TEXTS.agent)}
              <select value={agent} onChange={({ currentTarget }) => choose(currentTarget.value, date)}>
                {agent === "" && <option value="">{say(TEXTS.choose)}</option>}
                {agents.map((id) => (
                  <option key={id} value={id}>
                    {agentCalled(known, id)}
                  </option>
                ))}
              </select>
            </label>
            <label class={fields.field}>
              {say(TEXTS.date)}
              <input
                type="date"
                value={date}
                max={today}
                onChange={({ currentTarget }) => currentTarget.value !== "" && choose(agent, currentTarget.value)}
              />
            </label>
            <button type="button" onClick={() => choose(agent, later(date, -1))}>
              {say(TEXTS.before)}
            </button>
            <button type="button" disabled={date >= today} onClick={() => choose(agent, later(date, 1))}>
              {say(TEXTS.after)}
            </button>
            <button type="button" onClick={again}>
              {say(TEXTS.again)}
            </button>
          </search>
        </div>
        <p class={sheet.quiet}>{say(TEXTS.intro)}</p>
      </div>
      <p class={sheet.refused} role="alert">
        {error !== null && failure(error, speaker)}
      </p>
      {agent !== "" && shown === null && error === null && <p class={sheet.quiet}>{say(FRAME.loading)}</p>}
      {agent === "" && <p class={sheet.nothing}>{say(TEXTS.choose)}</p>}
      {shown !== null && shown.spans.length === 0 && <p class={sheet.nothing}>{say(TEXTS.nothing)}</p>}
      {shown !== null && shown.spans.length > 0 && (
        <>
          <div class={styles.day}>
            <Drawing spans={shown.spans} names={known.names} />
            <Sums day={shown} names={known.names} />
          </div>
          <Spans spans={shown.spans} names={known.names} />
        </>
      )}
    </main>
  );
}
