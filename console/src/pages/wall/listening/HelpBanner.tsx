import { useEffect } from "preact/hooks";
import type { Mode } from "../../../api/schema";
import { Key } from "../../../frame/Key";
import type { Agent, Board } from "../../../live/board";
import { useSpeaker } from "../../../texts/language";
import { named } from "../../../texts/texts";
import { Timer } from "../../../time/Timer";
import { alarm } from "./alarm";
import styles from "./Listening.module.css";
import { ModeButtons } from "./ModeButtons";
import { TEXTS } from "./texts";

/** Calls for help that are shown at a time: a supervisor takes one after the other. */
const MOST = 3;

export interface HelpProps {
  agents: readonly Agent[];
  board: Board;
  /** Left out: the person may not listen. */
  onTake?: ((agent: Agent, mode: Mode) => void) | undefined;
  onAside: (agent: Agent) => void;
}

/** Agents who call for help, with a sound, until somebody listens to them or they are put aside here. */
export function HelpBanner({ agents, board, onTake, onAside }: HelpProps) {
  const { say, language } = useSpeaker();
  useEffect(alarm, []);
  return (
    <section class={styles.help} role="alert" aria-label={say(TEXTS.help)}>
      {agents.slice(0, MOST).map((agent, index) => {
        const queue = board.queues.get(agent.queue ?? "");
        return (
          <p key={agent.id} data-help={agent.id}>
            <b>{say(TEXTS.helpCall, { id: agent.id, name: agent.name })}</b>
            {queue && <span>{named(queue.name, language)}</span>}
            <Timer since={agent.help_since ?? agent.since} />
            {onTake && (
              <span class={styles.buttons}>
                <ModeButtons onMode={(mode) => onTake(agent, mode)} />
                <button type="button" onClick={() => onAside(agent)}>
                  {say(TEXTS.aside)} {index === 0 && <Key name="P" />}
                </button>
              </span>
            )}
          </p>
        );
      })}
    </section>
  );
}
