import type { ListeningOut, Mode } from "../../../api/schema";
import { Key } from "../../../frame/Key";
import type { Agent } from "../../../live/board";
import { useSpeaker } from "../../../texts/language";
import { Timer } from "../../../time/Timer";
import styles from "./Listening.module.css";
import { ModeButtons } from "./ModeButtons";
import { TEXTS } from "./texts";

const STATES = { listen: TEXTS.listening, whisper: TEXTS.whispering, join: TEXTS.joined } as const;

export interface BarProps {
  listening: ListeningOut;
  agent: Agent | undefined;
  onMode: (mode: Mode) => void;
  onEnd: () => void;
}

/** The own listening: to whom, how, since when; another mode, and the end. */
export function ListeningBar({ listening, agent, onMode, onEnd }: BarProps) {
  const { say } = useSpeaker();
  const { began, mode } = listening;
  return (
    <section class={styles.own} aria-label={say(TEXTS.own)} data-listening={mode} data-began={began !== null}>
      <span role="status">
        {say(began === null ? TEXTS.ringing : STATES[mode])} <b>{listening.agent}</b> {agent?.name}
      </span>
      {began !== null && <Timer since={began} />}
      <span class={styles.buttons}>
        {began !== null && <ModeButtons now={mode} onMode={onMode} />}
        <button type="button" onClick={onEnd}>
          {say(TEXTS.end)} <Key name="E" />
        </button>
      </span>
    </section>
  );
}
