import type { QueueOut, Role } from "../../api/schema";
import fields from "../../frame/Field.module.css";
import { ROLES } from "../../frame/roles";
import { useSpeaker } from "../../texts/language";
import { named, type Text } from "../../texts/texts";
import { type Rights, ROLE_NAMES, toggled } from "./rights";
import { TEXTS } from "./texts";

const MEANINGS: Readonly<Record<Role, Text>> = {
  agent: TEXTS.isAgent,
  supervisor: TEXTS.isSupervisor,
  administrator: TEXTS.isAdministrator,
  operations: TEXTS.isOperations,
  department: TEXTS.isDepartment,
};

export interface RightsProps {
  rights: Rights;
  queues: readonly QueueOut[];
  onRights: (rights: Rights) => void;
}

/** Roles with what they mean, and the limits of an account. */
export function RightsFields({ rights, queues, onRights }: RightsProps) {
  const { say, language } = useSpeaker();
  const known = [...queues.map(({ id }) => id), ...rights.queues.filter((id) => !queues.some((one) => one.id === id))];
  return (
    <>
      <fieldset class={fields.choices}>
        <legend>{say(TEXTS.roles)}</legend>
        {ROLE_NAMES.map((role) => (
          <label key={role}>
            <input
              type="checkbox"
              checked={rights.roles.includes(role)}
              onChange={({ currentTarget }) =>
                onRights({ ...rights, roles: toggled(rights.roles, role, currentTarget.checked) })
              }
            />
            <span>
              {say(ROLES[role])} <small>{say(MEANINGS[role])}</small>
            </span>
          </label>
        ))}
      </fieldset>
      {rights.roles.includes("agent") && (
        <label class={fields.field}>
          {say(TEXTS.agentOf)}
          <input
            value={rights.agent}
            required
            inputmode="numeric"
            pattern="[0-9]{2,10}"
            onInput={({ currentTarget }) => onRights({ ...rights, agent: currentTarget.value })}
          />
        </label>
      )}
      <fieldset class={fields.choices}>
        <legend>{say(TEXTS.queuesOnly)}</legend>
        {known.map((id) => (
          <label key={id}>
            <input
              type="checkbox"
              checked={rights.queues.includes(id)}
              onChange={({ currentTarget }) =>
                onRights({ ...rights, queues: toggled(rights.queues, id, currentTarget.checked) })
              }
            />
            {named(queues.find((queue) => queue.id === id)?.name ?? { "*": id }, language)}
          </label>
        ))}
      </fieldset>
      <label class={fields.field}>
        {say(TEXTS.departmentsOnly)}
        <input
          value={rights.departments}
          onInput={({ currentTarget }) => onRights({ ...rights, departments: currentTarget.value })}
        />
      </label>
    </>
  );
}
