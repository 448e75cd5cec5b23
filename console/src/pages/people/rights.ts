/** What an account may do, as a form has it. Pure. */

import type { AccountIn, PersonOut, Role } from "../../api/schema";

/** What people and tokens have in common. */
export type Account = Pick<PersonOut, "roles" | "queues" | "departments" | "agent">;

export const ROLE_NAMES: readonly Role[] = ["agent", "supervisor", "administrator", "operations", "department"];

export interface Rights {
  readonly roles: readonly Role[];
  readonly queues: readonly string[];
  readonly departments: readonly string[];
  /** As typed. */
  readonly agent: string;
}

export const NONE: Rights = { roles: [], queues: [], departments: [], agent: "" };

export function rightsOf(account: Account): Rights {
  const { roles, queues, departments, agent } = account;
  return { roles, queues, departments, agent: agent ?? "" };
}

/** What the service wants. An agent's id counts only with the role. */
export function asked(rights: Rights): AccountIn {
  return {
    roles: [...rights.roles],
    queues: [...rights.queues],
    departments: [...rights.departments],
    agent: rights.roles.includes("agent") ? rights.agent.trim() || null : null,
  };
}

/** The list with the value, or without it. */
export function toggled<T>(list: readonly T[], value: T, on: boolean): readonly T[] {
  return on ? [...list.filter((one) => one !== value), value] : list.filter((one) => one !== value);
}

/** How far an account without limits sees: docs/roles.md. */
export function unlimited(account: Account): "everything" | "own desk" | "nothing" {
  if (account.roles.some((role) => role !== "agent" && role !== "department")) return "everything";
  return account.roles.includes("agent") ? "own desk" : "nothing";
}

/** Whether nobody would be left who may manage people and needs no provider for signing in. */
export function isLast(people: readonly PersonOut[], name: string): boolean {
  const may = people.filter(
    (one) => one.roles.includes("administrator") && !one.openid && one.queues.length + one.departments.length === 0,
  );
  return may.length === 1 && may[0]?.name === name;
}

/** Those whose name or agent has the words. */
export function found(people: readonly PersonOut[], words: string): readonly PersonOut[] {
  const wanted = words.trim().toLowerCase();
  return people.filter((one) => one.name.includes(wanted) || (one.agent ?? "").includes(wanted));
}
