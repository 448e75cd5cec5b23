import type { AbleAgentOut, CallerOut } from "../../../api/schema";
import { PhoneNumber } from "../../../frame/PhoneNumber";
import type { Board, Caller } from "../../../live/board";
import { StateMark } from "../../../states/StateMark";
import { shown } from "../../../states/states";
import { useSpeaker } from "../../../texts/language";
import { languageName } from "../../../texts/words";
import { duration, secondsSince, timeOfDay } from "../../../time/format";
import { Figure } from "../Figure";
import { waitLevel } from "../thresholds";
import styles from "./CallerRow.module.css";
import { atFront } from "./line";
import { reasons } from "./reasons";
import { TEXTS } from "./texts";

/** Agents who are named: the first to be free. */
const MOST_AGENTS = 2;

export interface RowProps {
  caller: Caller;
  /** 1 for the first of the list. */
  place: number;
  /** What the service says of the caller; undefined: it is being asked. */
  details: CallerOut | undefined;
  board: Board;
  /** Seconds within which the queue aims to answer. */
  within: number;
  now: number;
  /** Whether Tab leads here. */
  tabbed: boolean;
  /** What a skill is called. */
  called: (skill: string) => string;
  onMove: ((callId: string) => void) | undefined;
}

/** One caller: number, language, wait, why, who may be free first. */
export function CallerRow({ caller, place, details, board, within, now, tabbed, called, onMove }: RowProps) {
  const speaker = useSpeaker();
  const { say, language } = speaker;
  const waited = secondsSince(caller.since, now);
  const rings = caller.ringing.length > 0;
  const why = details && reasons(details.why, caller.ringing, caller.language, speaker, now, called);
  return (
    <li class={styles.row} data-caller={caller.call_id}>
      <span class={styles.place}>{rings ? <StateMark state="ringing" word={false} /> : place}</span>
      <span class={styles.who}>
        <b>{caller.caller ? <PhoneNumber of={caller.caller} /> : say(TEXTS.hidden)}</b>{" "}
        {languageName(caller.language, language)}
        {atFront(caller) && ` · ${say(TEXTS.front)}`}
      </span>
      <span class={styles.time}>
        <Figure level={waitLevel(waited, within)}>{duration(waited)}</Figure>
      </span>
      <ul class={styles.why}>
        {why === undefined ? <li>{say(TEXTS.asking)}</li> : why.map((sentence) => <li key={sentence}>{sentence}</li>)}
      </ul>
      {details && !rings && details.why.agents.length > 0 && (
        <ul class={styles.agents} aria-label={say(TEXTS.first)}>
          {details.why.agents.slice(0, MOST_AGENTS).map((agent) => (
            <Able key={agent.id} agent={agent} board={board} now={now} />
          ))}
        </ul>
      )}
      {onMove && (
        <button
          type="button"
          class={styles.move}
          data-moves={caller.call_id}
          tabIndex={tabbed ? 0 : -1}
          onClick={() => onMove(caller.call_id)}
        >
          {say(TEXTS.move)}
        </button>
      )}
    </li>
  );
}

/** An agent who could take the call, and until when the agent is busy. */
function Able({ agent, board, now }: { agent: AbleAgentOut; board: Board; now: number }) {
  const { say, language } = useSpeaker();
  const known = board.agents.get(agent.id);
  const at = agent.free_at === null ? null : Date.parse(agent.free_at);
  const works = ["on-call", "ringing", "wrap-up"].includes(agent.state);
  return (
    <li>
      <StateMark state={shown(known ?? agent)} word={false} /> {agent.id} {known?.name}
      {at !== null && at > now
        ? ` · ${say(TEXTS.freeAt, { time: timeOfDay(at, language), left: duration((at - now) / 1_000) })}`
        : works && ` · ${say(TEXTS.freeUnknown)}`}
    </li>
  );
}
