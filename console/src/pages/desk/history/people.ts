/** What agents are called, as far as an agent knows them. Pure. */

import type { Board } from "../../../live/board";

/** A colleague's name, or the own one; else the id. */
export function agentName(board: Board | null, id: string): string {
  return board?.colleagues.get(id)?.name ?? board?.agents.get(id)?.name ?? id;
}
