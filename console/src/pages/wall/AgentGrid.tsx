import { useEffect, useRef, useState } from "preact/hooks";
import type { Agent, Board } from "../../live/board";
import { useSpeaker } from "../../texts/language";
import { AgentCard } from "./AgentCard";
import styles from "./AgentGrid.module.css";
import { need } from "./attention";
import { CardActions } from "./listening/CardActions";
import { inTalk } from "./listening/supervision";
import { next } from "./steps";
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
  const [at, setAt] = useState<string | null>(null);
  const tabbed = agents.some((agent) => agent.id === at) ? at : (agents[0]?.id ?? null);

  useEffect(() => {
    const element = list.current;
    if (element === null) return;
    const focused = (event: FocusEvent) => {
      if (event.target instanceof HTMLElement) setAt(event.target.dataset.agent ?? null);
    };
    const pressed = (event: KeyboardEvent) => {
      const cards = [...element.querySelectorAll<HTMLElement>("button[data-agent]")];
      const here = cards.indexOf(document.activeElement as HTMLElement);
      const perRow = cards.filter((card) => card.offsetTop === cards[0]?.offsetTop).length;
      const there = next(event.key, here, cards.length, perRow);
      if (here < 0 || there === here) return;
      event.preventDefault();
      cards[there]?.focus();
    };
    element.addEventListener("focusin", focused);
    element.addEventListener("keydown", pressed);
    return () => {
      element.removeEventListener("focusin", focused);
      element.removeEventListener("keydown", pressed);
    };
  }, []);

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
