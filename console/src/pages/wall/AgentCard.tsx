import { WHY } from "../../api/tables";
import type { Agent } from "../../live/board";
import { TEXTS as SKILLS } from "../../skills/texts";
import { StateMark } from "../../states/StateMark";
import { LOOKS, shown } from "../../states/states";
import { useSpeaker } from "../../texts/language";
import { Countdown, Timer } from "../../time/Timer";
import styles from "./AgentCard.module.css";
import type { Level, Need } from "./attention";
import { TEXTS } from "./texts";

export interface CardProps {
  agent: Agent;
  level: Level;
  /** Why the agent needs somebody; `long` says itself by the state and its time. */
  why: Need["why"];
  /** The name of the queue of the agent's call. */
  queue: string | null;
  /** Why the agent is not ready, in words; empty: nothing was said. */
  reason: string;
  /** Opens the agent; left out: the person may not. */
  onChange?: ((agent: Agent) => void) | undefined;
  /** Whether Tab leads here. */
  tabbed: boolean;
}

/** One agent: state, for how long, why, with which queue. */
export function AgentCard({ agent, level, why, queue, reason, onChange, tabbed }: CardProps) {
  const { say } = useSpeaker();
  const state = shown(agent);
  const more = [
    queue,
    agent.test && say(TEXTS.testCall),
    why && why !== "long" && say(WHY[why]),
    reason,
    agent.from_file && say(SKILLS.edited),
    agent.next_state && say(TEXTS.following, { state: say(LOOKS[agent.next_state].word) }),
  ].filter(Boolean);
  const content = (
    <>
      <span class={styles.who}>
        <b>{agent.id}</b> {agent.name}
      </span>
      <span class={styles.state}>
        <StateMark state={state} />
      </span>
      <span class={styles.more} title={more.join(" · ")}>
        {more.join(" · ")}
      </span>
      <span class={styles.time}>
        {agent.wrap_up_until ? <Countdown until={agent.wrap_up_until} /> : <Timer since={agent.since} />}
      </span>
    </>
  );
  const attributes = { class: styles.card, "data-level": level, "data-agent": agent.id, "data-state": state };
  return onChange ? (
    <button type="button" {...attributes} tabIndex={tabbed ? 0 : -1} onClick={() => onChange(agent)}>
      {content}
    </button>
  ) : (
    <div {...attributes}>{content}</div>
  );
}
