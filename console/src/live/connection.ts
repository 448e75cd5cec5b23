/** The life of the event stream, without I/O: `step(connection, event, now, chance)` says what is next and what to do.
 *  Times are milliseconds on a clock that only goes forward. `chance`: 0 to 1. */

/** Milliseconds of silence after which the connection is lost: the service says every 0.5 s that it is there. */
export const SILENCE = 1_500;

/** Milliseconds that the service may take to answer. */
export const ANSWER = 5_000;

const SHORTEST_WAIT = 250;
const LONGEST_WAIT = 5_000;

export interface Connection {
  readonly phase: "idle" | "connecting" | "open" | "waiting" | "over";
  /** Since when what the page shows is not of now; null: it is, or nothing was shown yet. */
  readonly lostSince: number | null;
  /** Failed tries in a row. */
  readonly tries: number;
  /** When `due` is to be told; null: never. */
  readonly deadline: number | null;
  /** Why it is over or has to wait, where the service said so. */
  readonly status: number | null;
}

export type Event =
  | { kind: "started" }
  | { kind: "opened" }
  | { kind: "heard" }
  | { kind: "ended" }
  | { kind: "refused"; status: number; retryAfter: number | null }
  | { kind: "due" }
  | { kind: "woken" };

export type Command = "connect" | "cut";

export const IDLE: Connection = { phase: "idle", lostSince: null, tries: 0, deadline: null, status: null };

type Step = readonly [Connection, readonly Command[]];

export function step(was: Connection, event: Event, now: number, chance: number): Step {
  switch (event.kind) {
    case "started":
      return was.phase === "idle" || was.phase === "over" ? connect(IDLE, now) : [was, []];
    case "opened":
      return was.phase === "connecting" ? [open(was, now), []] : [was, []];
    case "heard":
      return was.phase === "open" ? [{ ...was, lostSince: null, deadline: now + SILENCE }, []] : [was, []];
    case "ended":
      return was.phase === "open" || was.phase === "connecting" ? wait(was, now, chance) : [was, []];
    case "refused":
      return was.phase === "connecting" ? refused(was, event.status, event.retryAfter, now, chance) : [was, []];
    case "due":
      return due(was, now, chance);
    case "woken": // the network is back, or the page is seen again
      return was.phase === "waiting" ? connect({ ...was, tries: 0 }, now) : due(was, now, chance);
  }
}

/** The first message comes at once after this, so what is shown stays marked as lost until then. */
function open(was: Connection, now: number): Connection {
  return { ...was, phase: "open", tries: 0, deadline: now + SILENCE, status: null };
}

function connect(was: Connection, now: number): Step {
  return [{ ...was, phase: "connecting", deadline: now + ANSWER }, ["connect"]];
}

function wait(was: Connection, now: number, chance: number, least = 0): Step {
  const grown = Math.min(LONGEST_WAIT, SHORTEST_WAIT * 2 ** was.tries) * (0.5 + chance / 2);
  const lostSince = was.lostSince ?? now;
  const deadline = now + Math.max(grown, least);
  return [{ phase: "waiting", lostSince, tries: was.tries + 1, deadline, status: null }, ["cut"]];
}

function refused(was: Connection, status: number, retryAfter: number | null, now: number, chance: number): Step {
  if (status === 401 || status === 403) {
    return [{ ...was, phase: "over", lostSince: was.lostSince ?? now, deadline: null, status }, ["cut"]];
  }
  const [next, commands] = wait(was, now, chance, 1_000 * (retryAfter ?? 0));
  return [{ ...next, status }, commands];
}

function due(was: Connection, now: number, chance: number): Step {
  if (was.deadline === null || now < was.deadline) return [was, []];
  return was.phase === "waiting" ? connect(was, now) : wait(was, now, chance);
}
