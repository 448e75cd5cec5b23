import { useRef } from "preact/hooks";
import type { Agent, Board } from "../../live/board";
import { useSpeaker } from "../../texts/language";
import { AgentCard } from "./AgentCard";
import styles from "./AgentGrid.module.css";
import { need } from "./attention";
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
  const { say } = useSpeaker();
  const list = useRef<HTMLUListElement>(null);
  const at = useRoving(list, "agent");
  const tabbed = agents.some((agent) => agent.id === at) ? at : (agents[0]?.id ?? null);
  return (
    <ul class={styles.grid} ref={list} aria-description={onChange && say(TEXTS.arrows)}>
      {agents.map((agent) => (
        <li key={agent.id}>
          <AgentCard
            agent={agent}
            need={need(agent, now)}
            queueName={agent.queue === null ? null : (board.queues.get(agent.queue)?.name ?? null)}
            onChange={onChange}
            tabbed={agent.id === tabbed}
          />
          {onChange && inTalk(agent) && <CardActions agent={agent} board={board} />}
        </li>
      ))}
    </ul>
  );
}
