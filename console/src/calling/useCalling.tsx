import { useState } from "preact/hooks";
import { useStore } from "../frame/store";
import { has, session } from "../session/session";
import { CallDialog } from "./CallDialog";
import { useCallsOut } from "./useCallsOut";

/** Whom an agent is about to call from a list, and the queue that is proposed. */
export interface Calling {
  number: string;
  queue: string | null;
}

/** Calls from a list: whether whoever is signed in can call citizens, how a call begins, and its dialog. */
export function useCalling() {
  const who = useStore(session);
  const agent = who.kind === "signed-in" && has(who.who, "agent") ? who.who.agent : null;
  const queues = useCallsOut(agent);
  const [calling, call] = useState<Calling | null>(null);
  const dialog = calling && agent !== null && (
    <CallDialog agent={agent} queues={queues} {...calling} onClosed={() => call(null)} />
  );
  return { can: queues.length > 0, call, dialog };
}
