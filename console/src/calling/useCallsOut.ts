/** For which queues an agent may call citizens. */

import { useAnswer } from "../api/answer";
import { ask } from "../api/client";
import type { CalledFor } from "../api/schema";

/** In the order of the hotline's file; none for somebody who is no agent, and until the service has answered. */
export function useCallsOut(agent: string | null): readonly CalledFor[] {
  const { answer } = useAnswer(
    async (cut) =>
      agent === null
        ? []
        : (await ask("get", "/api/v1/agents/{agent_id}/targets", { path: { agent_id: agent } }, cut)).calls_out,
    [agent],
  );
  return answer ?? [];
}
