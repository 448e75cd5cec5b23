/** Which agents may serve which queue. Pure. */

import type { AgentOut, QueueOut } from "../api/schema";

/** Whether the agent could ever serve it, relaxing included: the service's rule (`acd/model`, `served_by`). */
export function serves(agent: Pick<AgentOut, "skills">, queue: Pick<QueueOut, "needs">): boolean {
  return queue.needs.some((needs) =>
    Object.entries(needs).every(([skill, level]) => (agent.skills[skill] ?? 0) >= level),
  );
}
