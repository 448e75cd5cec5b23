import type { NamesOut, Role } from "../../api/schema";
import fields from "../../frame/Field.module.css";
import { called } from "../../frame/names";
import { ROLES } from "../../frame/roles";
import { useSpeaker } from "../../texts/language";
import type { Text } from "../../texts/texts";
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
  names: NamesOut | null;
  onRights: (rights: Rights) => void;
}

/** Roles with what they mean, and the limits of an account. */
export function RightsFields({ rights, names, onRights }: RightsProps) {
  const { say } = useSpeaker();
  return (
    <>
      <fieldset class={`${fields.choices} ${fields.whole}`}>
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
      <PlacesField
        legend={say(TEXTS.queuesOnly)}
        names={names?.queues}
        chosen={rights.queues}
        onChosen={(queues) => onRights({ ...rights, queues })}
      />
      <PlacesField
        legend={say(TEXTS.departmentsOnly)}
        names={names?.departments}
        chosen={rights.departments}
        onChosen={(departments) => onRights({ ...rights, departments })}
      />
    </>
  );
}

interface PlacesProps {
  legend: string;
  /** Of the hotline in use; the account may be limited to others, too. */
  names: NamesOut["queues"] | undefined;
  chosen: readonly string[];
  onChosen: (chosen: readonly string[]) => void;
}

/** Queues or departments, each with a box. */
function PlacesField({ legend, names, chosen, onChosen }: PlacesProps) {
  const { language } = useSpeaker();
  const ids = [...new Set([...Object.keys(names ?? {}), ...chosen])];
  if (ids.length === 0) return null;
  return (
    <fieldset class={`${fields.choices} ${fields.beside}`}>
      <legend>{legend}</legend>
      {ids.map((id) => (
        <label key={id}>
          <input
            type="checkbox"
            checked={chosen.includes(id)}
            onChange={({ currentTarget }) => onChosen(toggled(chosen, id, currentTarget.checked))}
          />
          {called(names, id, language)}
        </label>
      ))}
    </fieldset>
  );
}
