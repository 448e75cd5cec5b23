import { useEffect, useState } from "preact/hooks";
import type { NamesOut } from "../../api/schema";
import { Notice } from "../../frame/Notice";
import { skillCalled, useNames } from "../../frame/names";
import sheet from "../../frame/Sheet.module.css";
import { useStore } from "../../frame/store";
import { TEXTS as FRAME } from "../../frame/texts";
import { board, connection, follow } from "../../live/live";
import { session } from "../../session/session";
import { SkillsDialog } from "../../skills/SkillsDialog";
import { skillsOf } from "../../skills/skills";
import { useSpeaker } from "../../texts/language";
import styles from "./Agents.module.css";
import { AgentsTable } from "./AgentsTable";
import { ALL, type Filter, find } from "./abilities";
import { TEXTS } from "./texts";

/** Who the agents are and what they know, live. */
export default function Agents() {
  const { say } = useSpeaker();
  const current = useStore(board);
  const { lostSince } = useStore(connection);
  const who = useStore(session);
  const [filter, setFilter] = useState(ALL);
  const names = useNames();
  const [edited, setEdited] = useState<string | null>(null);
  useEffect(follow, []);
  if (current === null) return <Notice>{say(lostSince === null ? FRAME.loading : FRAME.unreached)}</Notice>;
  const shown = find(current.agents.values(), filter);
  const changed = find(current.agents.values(), { ...ALL, changed: true }).length;
  const agent = edited === null ? undefined : current.agents.get(edited);
  return (
    <main class={sheet.sheet}>
      <div>
        <div class={sheet.bar}>
          <h1>{say(TEXTS.title)}</h1>
          <Filters filter={filter} skills={skillsOf(current)} names={names} changed={changed} onFilter={setFilter} />
        </div>
        <p class={sheet.quiet}>{say(TEXTS.intro)}</p>
      </div>
      {shown.length === 0 ? (
        <p class={sheet.nothing}>{say(TEXTS.nobody)}</p>
      ) : (
        <AgentsTable agents={shown} names={names} onEdit={setEdited} />
      )}
      {agent && who.kind === "signed-in" && (
        <SkillsDialog key={agent.id} agent={agent} board={current} who={who.who} onDone={() => setEdited(null)} />
      )}
    </main>
  );
}

interface FiltersProps {
  filter: Filter;
  skills: readonly string[];
  names: NamesOut | null;
  changed: number;
  onFilter: (filter: Filter) => void;
}

function Filters({ filter, skills, names, changed, onFilter }: FiltersProps) {
  const { say, language } = useSpeaker();
  return (
    <div class={styles.filters}>
      {(changed > 0 || filter.changed) && (
        <label class={styles.box}>
          <input
            type="checkbox"
            checked={filter.changed}
            onChange={({ currentTarget }) => onFilter({ ...filter, changed: currentTarget.checked })}
          />
          {say(TEXTS.changedOnly, { count: changed })}
        </label>
      )}
      <select
        aria-label={say(TEXTS.skill)}
        value={filter.skill}
        onChange={({ currentTarget }) => onFilter({ ...filter, skill: currentTarget.value })}
      >
        <option value="">{say(TEXTS.everySkill)}</option>
        {skills.map((skill) => (
          <option key={skill} value={skill}>
            {skillCalled(names, skill, language)}
          </option>
        ))}
      </select>
      <input
        type="search"
        aria-label={say(TEXTS.find)}
        placeholder={say(TEXTS.find)}
        value={filter.words}
        onInput={({ currentTarget }) => onFilter({ ...filter, words: currentTarget.value })}
      />
    </div>
  );
}
