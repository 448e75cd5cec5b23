import { useMemo } from "preact/hooks";
import type { NamesOut } from "../../api/schema";
import { skillCalled } from "../../frame/names";
import { followLink } from "../../frame/place";
import sheet from "../../frame/Sheet.module.css";
import { TableHead } from "../../frame/TableHead";
import type { Agent } from "../../live/board";
import { StateMark } from "../../states/StateMark";
import { shown } from "../../states/states";
import { useSpeaker } from "../../texts/language";
import { languageName, listed } from "../../texts/words";
import styles from "./Agents.module.css";
import { inWords } from "./abilities";
import { TEXTS } from "./texts";

const COLUMNS = [TEXTS.id, TEXTS.name, TEXTS.state, TEXTS.skills, TEXTS.languages] as const;

export interface TableProps {
  agents: readonly Agent[];
  names: NamesOut | null;
  /** Edit what the agent of that id knows. */
  onEdit: (id: string) => void;
}

export function AgentsTable({ agents, names, onEdit }: TableProps) {
  return (
    <div class={sheet.room}>
      <table class={sheet.table}>
        <TableHead columns={COLUMNS} doings={TEXTS.doings} />
        <tbody>
          {agents.map((agent) => (
            <AgentRow key={agent.id} agent={agent} names={names} onEdit={onEdit} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Drawn again only when something of the agent changes: the board changes four times a second. */
function AgentRow({ agent, names, onEdit }: { agent: Agent } & Omit<TableProps, "agents">) {
  const { say, language } = useSpeaker();
  return useMemo(() => {
    const skills = inWords(agent.skills, (skill) => skillCalled(names, skill, language));
    return (
      <tr data-agent={agent.id}>
        <td>{agent.id}</td>
        <th scope="row">{agent.name}</th>
        <td>
          <StateMark state={shown(agent)} />
        </td>
        <td class={skills.length === 0 ? sheet.quiet : undefined}>
          {agent.from_file !== null && <span class={styles.changed}>{say(TEXTS.changed)}</span>}
          {skills.length === 0 ? say(TEXTS.none) : listed(skills, language)}
        </td>
        <td>
          {listed(
            agent.languages.map((tag) => languageName(tag, language)),
            language,
          )}
        </td>
        <td>
          <div class={sheet.doings}>
            <a href={`/day?agent=${agent.id}`} onClick={followLink}>
              {say(TEXTS.day)} <span class="spoken">{agent.id}</span>
            </a>
            <button type="button" data-plain onClick={() => onEdit(agent.id)}>
              {say(TEXTS.edit)} <span class="spoken">{agent.id}</span>
            </button>
          </div>
        </td>
      </tr>
    );
  }, [agent, names, onEdit, say, language]);
}
