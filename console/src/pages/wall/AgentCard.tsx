import { useMemo } from "preact/hooks";
import type { Agent } from "../../live/board";
import { TEXTS as SKILLS } from "../../skills/texts";
import { StateMark } from "../../states/StateMark";
import { LOOKS, shown } from "../../states/states";
import { useSpeaker } from "../../texts/language";
import { named } from "../../texts/texts";
import { Countdown, Timer } from "../../time/Timer";
import styles from "./AgentCard.module.css";
import { type Need, reasonOf } from "./attention";
import { TEXTS } from "./texts";

export interface CardProps {
  agent: Agent;
  need: Need;
  /** Of the queue of the agent's call. */
  queueName: Readonly<Record<string, string>> | null;
  /** Changes the state; left out: the person may not. */
  onChange?: ((agent: Agent) => void) | undefined;
  /** Whether Tab leads here. */
  tabbed: boolean;
}

/** One agent: state, for how long, why, with which queue. Drawn again only when something of it changes. */
export function AgentCard({ agent, need, queueName, onChange, tabbed }: CardProps) {
  const { say, language } = useSpeaker();
  const { level, why } = need;
  return useMemo(() => {
    const state = shown(agent);
    const more = [
      queueName && named(queueName, language),
      agent.test && say(TEXTS.testCall),
      why && why !== TEXTS.long ? say(why) : null,
      reasonOf(agent),
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
        <span class={styles.more}>{more.join(" · ")}</span>
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
  }, [agent, level, why, queueName, onChange, tabbed, say, language]);
}
