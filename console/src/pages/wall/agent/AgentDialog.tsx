import { useState } from "preact/hooks";
import { ask } from "../../../api/client";
import type { Mode } from "../../../api/schema";
import { Dialog } from "../../../frame/Dialog";
import { skillCalled, useNames } from "../../../frame/names";
import { useStore } from "../../../frame/store";
import type { Agent, Board } from "../../../live/board";
import { session } from "../../../session/session";
import { TEXTS as SKILLS } from "../../../skills/texts";
import { useSpeaker } from "../../../texts/language";
import { listed } from "../../../texts/words";
import { inWords } from "../../agents/abilities";
import { ModeButtons } from "../listening/ModeButtons";
import { heardBy, inTalk, mayListen } from "../listening/supervision";
import { take } from "../listening/take";
import styles from "./AgentDialog.module.css";
import { Now } from "./Now";
import { atFirst, StateFields, type Wanted } from "./StateFields";
import { Today } from "./Today";
import { TEXTS } from "./texts";

export interface AgentProps {
  agent: Agent;
  board: Board;
  onDone: () => void;
  /** Leads to what the agent knows and speaks. */
  onSkills: () => void;
}

/** One agent: the state now, today's calls, skills; listens, and asks for another state. Escape or Cancel changes nothing. */
export function AgentDialog({ agent, board, onDone, onSkills }: AgentProps) {
  const { say, language } = useSpeaker();
  const names = useNames();
  const who = useStore(session);
  const [wanted, setWanted] = useState<Wanted>(atFirst(agent));
  const skills = inWords(agent.skills, (skill) => skillCalled(names, skill, language));
  const listens = who.kind === "signed-in" && mayListen(who.who) && inTalk(agent);
  const mode = heardBy(board, agent).find(({ phone }) => who.kind === "signed-in" && phone === who.who.agent)?.mode;
  const change = () => ask("put", "/api/v1/agents/{agent_id}/state", { path: { agent_id: agent.id }, body: wanted });
  return (
    <Dialog
      title={say(TEXTS.title, { id: agent.id, name: agent.name })}
      action={say(TEXTS.change)}
      elsewhere={{ word: say(SKILLS.open), go: onSkills }}
      onSubmit={change}
      onDone={onDone}
    >
      {(close) => (
        <>
          <Now agent={agent} board={board} names={names} />
          {listens && (
            <section class={styles.listen} aria-label={say(TEXTS.listen)}>
              <ModeButtons
                now={mode}
                onMode={(to: Mode) => {
                  close();
                  take(agent, to);
                }}
              />
            </section>
          )}
          <Today agent={agent} />
          <section>
            <h3>{say(TEXTS.skills)}</h3>
            <p>{skills.length === 0 ? say(TEXTS.noSkills) : listed(skills, language)}</p>
          </section>
          <StateFields agent={agent} breaks={names?.breaks ?? {}} wanted={wanted} onWanted={setWanted} />
        </>
      )}
    </Dialog>
  );
}
