/** Where calls can be sent, asked for again while the list is open: waits and states change. */

import { useEffect, useState } from "preact/hooks";
import { ask } from "../../../api/client";
import type { TargetsOut } from "../../../api/schema";
import { failure } from "../../../frame/failure";
import { useSpeaker } from "../../../texts/language";

const EVERY = 2_000; // milliseconds

export function useTargets(agent: string): { targets: TargetsOut | null; failed: string | null } {
  const speaker = useSpeaker();
  const [targets, setTargets] = useState<TargetsOut | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  useEffect(() => {
    const cut = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async () => {
      try {
        setTargets(await ask("get", "/api/v1/agents/{agent_id}/targets", { path: { agent_id: agent } }, cut.signal));
        setFailed(null);
      } catch (error) {
        if (cut.signal.aborted) return;
        setFailed(failure(error, speaker));
      }
      if (!cut.signal.aborted) timer = setTimeout(() => void look(), EVERY);
    };
    void look();
    return () => {
      clearTimeout(timer);
      cut.abort();
    };
  }, [agent, speaker]);
  return { targets, failed };
}
