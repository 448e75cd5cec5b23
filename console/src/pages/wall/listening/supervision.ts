/** What a supervisor's wall shows of help and listening. Pure. */

import type { ListeningOut, Mode, SessionOut } from "../../../api/schema";
import type { Agent, Board } from "../../../live/board";
import { has } from "../../../session/session";

export const MODES: readonly Mode[] = ["listen", "whisper", "join"];

/** Key → mode. */
export const MODE_KEYS: Readonly<Record<string, Mode>> = { l: "listen", w: "whisper", j: "join" };

export function mayListen(who: SessionOut): boolean {
  return has(who, "supervisor", "administrator");
}

/** The listening of this person's own telephone; null: there is none. */
export function mine(board: Pick<Board, "listening">, who: SessionOut): ListeningOut | null {
  return board.listening.find((each) => each.phone === who.agent && each.by === who.actor) ?? null;
}

/** Whether one can listen to this agent now. */
export function inTalk(agent: Agent | undefined): agent is Agent & { call_id: string } {
  return agent?.state === "on-call" && agent.call_id !== null;
}

/** Who listens to this agent. */
export function heardBy(board: Pick<Board, "listening">, agent: Agent): readonly ListeningOut[] {
  return board.listening.filter((each) => each.call_id === agent.call_id && each.agent === agent.id);
}

/** One call for help, however often it is looked at. */
export function helpKey(agent: Agent): string {
  return `${agent.id} ${agent.help_since}`;
}

/** Agents whose call for help rings here, the longest first: nobody listens to them, and it was not put aside. */
export function calling(board: Board, aside: ReadonlySet<string>): readonly Agent[] {
  return [...board.agents.values()]
    .filter((agent) => agent.help_since !== null && !aside.has(helpKey(agent)) && heardBy(board, agent).length === 0)
    .sort((one, other) => Date.parse(one.help_since ?? "") - Date.parse(other.help_since ?? ""));
}
