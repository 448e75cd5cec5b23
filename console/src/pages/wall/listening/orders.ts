/** What a supervisor asks the service to do. */

import { ask } from "../../../api/client";
import type { ListeningOut, Mode } from "../../../api/schema";
import { store } from "../../../frame/store";

/** The agent to whom this page has asked to listen, while the own telephone rings for it: a page that is the telephone
 *  answers that ring by itself. */
export const asked = store<string | null>(null);

/** Milliseconds in which the telephone rings. */
const RINGS = 20_000;

let forget: ReturnType<typeof setTimeout> | undefined;

export async function listen(agent: { id: string; call_id: string }, mode: Mode): Promise<void> {
  clearTimeout(forget);
  asked.set(agent.id);
  forget = setTimeout(() => asked.set(null), RINGS);
  try {
    await ask("post", "/api/v1/calls/{call_id}/listen", { path: { call_id: agent.call_id }, body: { mode } });
  } catch (error) {
    asked.set(null);
    throw error;
  }
}

export async function change(listening: ListeningOut, mode: Mode): Promise<void> {
  await ask("put", "/api/v1/calls/{call_id}/listen", { path: { call_id: listening.call_id }, body: { mode } });
}

export async function stop(listening: ListeningOut): Promise<void> {
  asked.set(null);
  await ask("delete", "/api/v1/calls/{call_id}/listen", { path: { call_id: listening.call_id } });
}
