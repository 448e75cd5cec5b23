import { useState } from "preact/hooks";
import { useStore } from "../../frame/store";
import type { Agent, Board } from "../../live/board";
import { session } from "../../session/session";
import { SkillsDialog } from "../../skills/SkillsDialog";
import { useSpeaker } from "../../texts/language";
import { useNow } from "../../time/clock";
import { AgentGrid } from "./AgentGrid";
import styles from "./Agents.module.css";
import { AgentDialog } from "./agent/AgentDialog";
import { byAttention, need } from "./attention";
import { Figure } from "./Figure";
import { Filters } from "./Filters";
import { ALL, find } from "./filter";
import { TEXTS } from "./texts";

/** Agents by who needs attention, which of them, and what can be changed of one. */
export function Agents({ board: current, mayChange }: { board: Board; mayChange: boolean }) {
  const { say } = useSpeaker();
  const now = useNow();
  const who = useStore(session);
  const [filter, setFilter] = useState(ALL);
  const [opened, setOpened] = useState<Agent | null>(null);
  const [taught, setTaught] = useState<Agent | null>(null);
  const { agents, signedOut } = find(current, filter);
  const needing = agents.filter((agent) => need(agent, now).level === 2).length;
  return (
    <section aria-labelledby="agents">
      <div class={styles.bar}>
        <h2 id="agents">{say(TEXTS.agents)}</h2>
        {needing > 0 && (
          <p class={styles.needing}>
            <Figure level={2}>{say(TEXTS.needing, { count: needing })}</Figure>
          </p>
        )}
        <Filters board={current} filter={filter} signedOut={signedOut} onFilter={setFilter} />
      </div>
      {agents.length === 0 && <p class={styles.nobody}>{say(TEXTS.nobody)}</p>}
      <AgentGrid
        agents={byAttention(agents, now)}
        board={current}
        now={now}
        onChange={mayChange ? setOpened : undefined}
      />
      {opened && (
        <AgentDialog
          agent={current.agents.get(opened.id) ?? opened}
          board={current}
          onDone={() => setOpened(null)}
          onSkills={() => setTaught(opened)}
        />
      )}
      {taught && who.kind === "signed-in" && (
        <SkillsDialog agent={taught} board={current} who={who.who} onDone={() => setTaught(null)} />
      )}
    </section>
  );
}
