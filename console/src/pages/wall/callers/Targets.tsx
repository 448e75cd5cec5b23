import type { Queue } from "../../../live/board";
import { LOOKS, shown } from "../../../states/states";
import { useSpeaker } from "../../../texts/language";
import { named } from "../../../texts/texts";
import styles from "./MoveDialog.module.css";
import type { Target } from "./moving";
import { TEXTS } from "./texts";

export interface TargetsProps {
  kind: "front" | "queue" | "agent";
  /** Whether this kind is the chosen one. */
  chosen: boolean;
  queues: readonly Queue[];
  queue: string | undefined;
  onQueue: (queue: string) => void;
  agents: readonly Target[];
  agent: string | undefined;
  onAgent: (agent: string) => void;
}

/** The queues, or the agents, that a caller can be moved to. */
export function Targets({ kind, chosen, queues, queue, onQueue, agents, agent, onAgent }: TargetsProps) {
  const { say, language } = useSpeaker();
  if (kind === "front" || !chosen) return null;
  if (kind === "queue") {
    if (queues.length === 0) return <p class={styles.none}>{say(TEXTS.noQueue)}</p>;
    return (
      <select aria-label={say(TEXTS.queue)} value={queue} onChange={(event) => onQueue(event.currentTarget.value)}>
        {queues.map((one) => (
          <option key={one.id} value={one.id}>
            {say(TEXTS.queueWith, { name: named(one.name, language), count: one.waiting })}
          </option>
        ))}
      </select>
    );
  }
  if (agent === undefined) return <p class={styles.none}>{say(TEXTS.noAgent)}</p>;
  return (
    <select aria-label={say(TEXTS.agent)} value={agent} onChange={(event) => onAgent(event.currentTarget.value)}>
      {agents.map(({ agent: one, fits, can }) => {
        const words = [`${one.id} ${one.name}`, say(LOOKS[shown(one)].word), fits ? "" : say(TEXTS.unskilled)];
        return (
          <option key={one.id} value={one.id} disabled={!can}>
            {words.filter(Boolean).join(" · ")}
          </option>
        );
      })}
    </select>
  );
}
