import { useAnswer } from "../../../api/answer";
import { ask } from "../../../api/client";
import type { DayOut, ListedOut } from "../../../api/schema";
import fields from "../../../frame/Field.module.css";
import { failure } from "../../../frame/failure";
import { PhoneNumber } from "../../../frame/PhoneNumber";
import { followLink } from "../../../frame/place";
import { TEXTS as FRAME } from "../../../frame/texts";
import type { Agent } from "../../../live/board";
import { useSpeaker } from "../../../texts/language";
import { duration, moment, timeOfDay } from "../../../time/format";
import { became } from "../../calls/outcomes";
import { addressOf, addressOfCall, EVERY_CALL } from "../../calls/search";
import { codeOf } from "../../calls/table";
import styles from "./AgentDialog.module.css";
import { TEXTS } from "./texts";

/** Of the last ones, that many. */
const MOST_CALLS = 4;

interface Day {
  readonly day: DayOut;
  readonly calls: readonly ListedOut[];
}

async function read(id: string, signal: AbortSignal): Promise<Day> {
  const day = await ask("get", "/api/v1/agents/{agent_id}/day", { path: { agent_id: id } }, signal);
  const query = { agent: id, since: day.since, limit: MOST_CALLS };
  return { day, calls: await ask("get", "/api/v1/calls", { query }, signal) };
}

/** What the agent has done since midnight, and the last calls. Asked for anew when the agent's call is another one. */
export function Today({ agent }: { agent: Agent }) {
  const speaker = useSpeaker();
  const { say, language } = speaker;
  const { answer, error } = useAnswer((signal) => read(agent.id, signal), [agent.id, agent.call_id]);
  return (
    <section>
      <h3>{say(TEXTS.today)}</h3>
      {answer === null ? (
        <p class={fields.hint}>{error === null ? say(FRAME.loading) : failure(error, speaker)}</p>
      ) : (
        <>
          <p>
            {say(TEXTS.figures, {
              calls: answer.day.calls,
              missed: answer.day.missed,
              talk: duration(answer.day.talk_s),
              wrapUp: duration(answer.day.wrap_up_s),
            })}
          </p>
          {answer.calls.length === 0 ? (
            <p class={fields.hint}>{say(TEXTS.noCalls)}</p>
          ) : (
            <ul class={styles.calls}>
              {answer.calls.map((call) => (
                <li key={call.id}>
                  <a href={addressOfCall(call.id)} onClick={followLink}>
                    {timeOfDay(Date.parse(call.started), language)}
                  </a>{" "}
                  {call.caller === "" ? say(TEXTS.hidden) : <PhoneNumber of={call.caller} />}
                  {[say(became(call)), codeOf(call, speaker)].filter(Boolean).map((words) => ` · ${words}`)}
                </li>
              ))}
            </ul>
          )}
          <a href={`/day?agent=${agent.id}`} onClick={followLink}>
            {say(TEXTS.theDay)}
          </a>
          {" · "}
          <a href={ofToday(agent.id, answer.day.since)} onClick={followLink}>
            {say(TEXTS.allCalls)}
          </a>
        </>
      )}
    </section>
  );
}

/** The search for an agent's calls since that moment, as a field for day and time writes it. */
function ofToday(agent: string, since: string): string {
  return addressOf({ ...EVERY_CALL, agent, since: moment(since).slice(0, 16).replace(" ", "T") });
}
