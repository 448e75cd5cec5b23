import { skillCalled, useNames } from "../../frame/names";
import type { Board } from "../../live/board";
import { useSpeaker } from "../../texts/language";
import { named } from "../../texts/texts";
import styles from "./Filters.module.css";
import { type Filter, skills } from "./filter";
import { TEXTS } from "./texts";

export interface FiltersProps {
  board: Board;
  filter: Filter;
  signedOut: number;
  onFilter: (filter: Filter) => void;
}

export function Filters({ board, filter, signedOut, onFilter }: FiltersProps) {
  const { say, language } = useSpeaker();
  const names = useNames();
  return (
    <div class={styles.filters}>
      <select
        aria-label={say(TEXTS.filterQueue)}
        value={filter.queue}
        onChange={(event) => onFilter({ ...filter, queue: event.currentTarget.value })}
      >
        <option value="">{say(TEXTS.allQueues)}</option>
        {[...board.queues.values()].map((queue) => (
          <option key={queue.id} value={queue.id}>
            {named(queue.name, language)}
          </option>
        ))}
      </select>
      <select
        aria-label={say(TEXTS.filterSkill)}
        value={filter.skill}
        onChange={(event) => onFilter({ ...filter, skill: event.currentTarget.value })}
      >
        <option value="">{say(TEXTS.allSkills)}</option>
        {skills(board).map((skill) => (
          <option key={skill} value={skill}>
            {skillCalled(names, skill, language)}
          </option>
        ))}
      </select>
      <label>
        <input
          type="checkbox"
          checked={filter.signedOut}
          onChange={(event) => onFilter({ ...filter, signedOut: event.currentTarget.checked })}
        />
        {say(TEXTS.showSignedOut, { count: signedOut })}
      </label>
    </div>
  );
}
