/** The order in which colleagues are shown: who can take a call now comes first. Pure. */

import type { AgentTarget } from "../../../api/schema";

/** A colleague, as far as the order needs to know. `fits`: knows the subject of the call. */
export type Ranked = Pick<AgentTarget, "state" | "phone"> & { readonly fits?: boolean };

/** Free ones first; who could be disturbed; who is busy; who cannot be reached; who is signed out. In each of these those who
 *  know the subject come before others, and else the order stays.
 */
export function inOrder<T extends Ranked>(colleagues: Iterable<T>): T[] {
  return [...colleagues].sort((one, other) => rank(one) - rank(other) || Number(fits(other)) - Number(fits(one)));
}

/** Whether nobody is there: the person is shown in grey. */
export function absent({ state, phone }: Ranked): boolean {
  return state === "logged-out" || phone === "unreachable";
}

function fits({ fits = false }: Ranked): boolean {
  return fits;
}

function rank({ state, phone }: Ranked): number {
  if (state === "logged-out") return 4;
  if (phone === "unreachable") return 3;
  if (phone === "busy" || state === "ringing" || state === "on-call") return 2;
  return state === "ready" ? 0 : 1;
}
