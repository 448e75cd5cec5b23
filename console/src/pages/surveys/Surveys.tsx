import { useState } from "preact/hooks";
import { useAnswer } from "../../api/answer";
import { ask } from "../../api/client";
import { failure } from "../../frame/failure";
import { called } from "../../frame/names";
import sheet from "../../frame/Sheet.module.css";
import { TEXTS as FRAME } from "../../frame/texts";
import { useSpeaker } from "../../texts/language";
import { now } from "../../time/clock";
import { day } from "../../time/format";
import { clock } from "../../time/zone";
import { agentCalled, useKnown } from "../calls/known";
import { Figures } from "./Figures";
import { TEXTS } from "./texts";

const DAY = 86_400_000;

/** Days that are shown, today included. The service keeps thirty. */
const PERIODS = [
  [1, TEXTS.today],
  [7, TEXTS.week],
  [30, TEXTS.month],
] as const;

/** What callers said after their talks: of each queue, and of each agent. */
export default function Surveys() {
  const speaker = useSpeaker();
  const { say, language } = speaker;
  const known = useKnown();
  const [days, setDays] = useState(30);
  const read = (cut: AbortSignal) => {
    const since = days === 30 ? {} : { since: clock(now() - (days - 1) * DAY).slice(0, 10) };
    return ask("get", "/api/v1/surveys", { query: since }, cut);
  };
  const { answer, error } = useAnswer(read, [days]);
  const rows = [...(answer?.queues ?? []), ...(answer?.agents ?? [])];
  return (
    <main class={sheet.sheet}>
      <div>
        <div class={sheet.bar}>
          <h1>{say(TEXTS.title)}</h1>
          <label>
            <span class="spoken">{say(TEXTS.period)}</span>
            <select value={days} onChange={({ currentTarget }) => setDays(Number(currentTarget.value))}>
              {PERIODS.map(([count, text]) => (
                <option key={count} value={count}>
                  {say(text)}
                </option>
              ))}
            </select>
          </label>
        </div>
        <p class={sheet.quiet}>
          {say(TEXTS.intro)} {answer !== null && say(TEXTS.since, { day: day(answer.since, language) })}
        </p>
      </div>
      <p class={sheet.refused} role="alert">
        {error !== null && failure(error, speaker)}
      </p>
      {answer === null && error === null && <p class={sheet.quiet}>{say(FRAME.loading)}</p>}
      {answer !== null && rows.length === 0 && <p class={sheet.nothing}>{say(TEXTS.nobody)}</p>}
      {answer !== null && rows.length > 0 && (
        <>
          <Figures
            title={TEXTS.queues}
            who={[TEXTS.queue]}
            rows={answer.queues.map((one) => ({
              ...one,
              key: one.queue,
              names: [called(known.names?.queues, one.queue, language)],
            }))}
          />
          <Figures
            title={TEXTS.agents}
            who={[TEXTS.agent, TEXTS.queue]}
            rows={answer.agents.map((one) => ({
              ...one,
              key: `${one.agent} ${one.queue}`,
              names: [agentCalled(known, one.agent), called(known.names?.queues, one.queue, language)],
            }))}
          />
        </>
      )}
    </main>
  );
}
