import { useRef } from "preact/hooks";
import { memo } from "../../frame/memo";
import { reasonCalled, useNames } from "../../frame/names";
import type { Agent, Board } from "../../live/board";
import { useSpeaker } from "../../texts/language";
import { named } from "../../texts/texts";
import { AgentCard, type CardProps } from "./AgentCard";
import styles from "./AgentGrid.module.css";
import { need, reasonOf } from "./attention";
import { CardActions } from "./listening/CardActions";
import { inTalk } from "./listening/supervision";
import { useRoving } from "./roving";
import { TEXTS } from "./texts";

export interface GridProps {
  agents: readonly Agent[];
  board: Board;
  now: number;
  onChange?: ((agent: Agent) => void) | undefined;
}

/** Agents as cards. One of them is in the order of Tab; arrow keys lead to the others. */
export function AgentGrid({ agents, board, now, onChange }: GridProps) {
  const { say, language } = useSpeaker();
  const list = useRef<HTMLUListElement>(null);
  const at = useRoving(list, "agent");
  const names = useNames();
  const tabbed = agents.some((agent) => agent.id === at) ? at : (agents[0]?.id ?? null);
  return (
    <ul class={styles.grid} ref={list} aria-description={onChange && say(TEXTS.arrows)}>
      {agents.map((agent) => {
        const queue = board.queues.get(agent.queue ?? "");
        return (
          <Place
            key={agent.id}
            agent={agent}
            {...need(agent, now)}
            queue={queue ? named(queue.name, language) : null}
            reason={reasonCalled(names, reasonOf(agent), language)}
            onChange={onChange}
            tabbed={agent.id === tabbed}
            listening={board.listening}
          />
        );
      })}
    </ul>
  );
}

/** One agent's card, and what can be done with the agent's talk. Drawn again only when something of it changes. */
const Place = memo(({ listening, ...card }: CardProps & Pick<Board, "listening">) => {
  const acted = card.onChange !== undefined && inTalk(card.agent);
  return (
    <li data-acted={acted}>
      <AgentCard {...card} />
      {acted && <CardActions agent={card.agent} listening={listening} />}
    </li>
  );
});
