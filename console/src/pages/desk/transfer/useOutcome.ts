/** What became of the agent's last transfer. The caller is somebody else's by then, so it is asked for. */

import { useEffect, useState } from "preact/hooks";
import { ask, Refused } from "../../../api/client";
import type { TransferOut } from "../../../api/schema";
import type { Transfer } from "../../../phone/model";

const EVERY = 1_000; // milliseconds
/** A phone rings 30 s; a queue may take longer than anybody watches. */
const LOOKS = 120;
/** Looks after which a call that knows of no transfer was not transferred: the caller hung up first. */
const NONE = 3;

/** null: not known yet; "none": the caller was not sent on. */
export function useOutcome(agent: string, transfer: Transfer | null): TransferOut | "none" | null {
  const [outcome, setOutcome] = useState<TransferOut | "none" | null>(null);
  const call = transfer?.stage === "done" ? transfer.of : null;
  useEffect(() => {
    setOutcome(null);
    if (call === null) return;
    const cut = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const path = { agent_id: agent, call_id: call };
    const look = async (number: number) => {
      let known = false;
      try {
        const last = (await ask("get", "/api/v1/agents/{agent_id}/transfers/{call_id}", { path }, cut.signal)).at(-1);
        setOutcome(last ?? "none");
        known = last?.became !== null;
      } catch (error) {
        if (cut.signal.aborted) return;
        known = error instanceof Refused && error.status === 404 && number >= NONE;
        if (known) setOutcome("none");
      }
      if (!known && number < LOOKS && !cut.signal.aborted) timer = setTimeout(() => void look(number + 1), EVERY);
    };
    void look(1);
    return () => {
      clearTimeout(timer);
      cut.abort();
    };
  }, [agent, call]);
  return outcome;
}
