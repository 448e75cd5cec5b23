/** Listening from this page: one request at a time, and what came of it. */

import type { Mode } from "../../../api/schema";
import { store } from "../../../frame/store";
import type { Agent } from "../../../live/board";
import { board } from "../../../live/live";
import { session } from "../../../session/session";
import { change, listen, stop } from "./orders";
import { inTalk, mine } from "./supervision";

/** Why the last request failed: an error, or that the account has no telephone; null: it did not. */
export const failed = store<unknown>(null);

export const NO_PHONE = Symbol("no telephone");

/** Listen to this agent in that mode. If the own telephone listens to somebody already, it changes, or ends there. */
export function take(agent: Agent, mode: Mode): void {
  void attempt(async () => {
    const { current, who } = now();
    if (who.agent === null) throw NO_PHONE;
    const own = mine(current, who);
    if (own !== null && own.call_id === agent.call_id) return own.began === null ? undefined : change(own, mode);
    if (own !== null) await stop(own);
    if (inTalk(agent)) await listen(agent, mode);
  });
}

export function changeTo(mode: Mode): void {
  void attempt(async () => {
    const { current, who } = now();
    const own = mine(current, who);
    if (own !== null && own.began !== null) await change(own, mode);
  });
}

export function end(): void {
  void attempt(async () => {
    const { current, who } = now();
    const own = mine(current, who);
    if (own !== null) await stop(own);
  });
}

async function attempt(act: () => Promise<void> | undefined): Promise<void> {
  try {
    await act();
    failed.set(null);
  } catch (error) {
    failed.set(error);
  }
}

function now() {
  const [current, signed] = [board.get(), session.get()];
  if (current === null || signed.kind !== "signed-in") throw NO_PHONE;
  return { current, who: signed.who };
}
