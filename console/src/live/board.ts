/** What the event stream has sent: queues and agents in the hotline's order, waiting callers, the last hour. Pure. */

import type { AgentOut, AgentTarget, LastHourOut, ListeningOut, NoticeOut, QueueOut, VersionOut } from "../api/schema";

/** A queue as sent at `at`: the wait of the longest waiting has grown since. */
export type Queue = QueueOut & { readonly at: number };
export type Agent = AgentOut;
/** Another agent, as an agent may see it. */
export type Colleague = Pick<AgentTarget, "id" | "name" | "state" | "since" | "phone">;

/** A waiting caller, as far as the stream has it. */
export interface Caller {
  readonly call_id: string;
  readonly queue: string;
  /** The number; empty where it is hidden. */
  readonly caller: string;
  readonly language: string;
  /** When the caller entered this queue. */
  readonly since: string;
  readonly head_start_s: number;
  /** The agents who are being rung. */
  readonly ringing: readonly string[];
  /** The lower is served first; the second number decides ties. */
  readonly order: readonly [number, number];
}

/** The trial of a version: that it runs, or how it ended. */
export interface Trial {
  readonly number: number;
  readonly percent: number;
  readonly since: string;
  readonly verdict: NonNullable<VersionOut["trial"]>["verdict"];
  readonly ended: string | null;
}

/** How many callers of a queue are missed. `changes`: another number says that the list is another one. */
export interface MissedCount {
  /** null: of the hotline as a whole. */
  readonly queue: string | null;
  readonly count: number;
  readonly changes: number;
}

export interface Board {
  /** Of the last message, on the service's clock; milliseconds since the epoch. */
  readonly at: number;
  readonly queues: ReadonlyMap<string, Queue>;
  readonly agents: ReadonlyMap<string, Agent>;
  /** By their ids; none for a person who is no agent. */
  readonly colleagues: ReadonlyMap<string, Colleague>;
  /** The supervisors' line of news; null: there is none. */
  readonly notice: NoticeOut | null;
  /** By the id of the call: those that the person may see, of each queue the first ones. */
  readonly callers: ReadonlyMap<string, Caller>;
  /** By queue, how many waited, minute by minute. */
  readonly hours: ReadonlyMap<string, LastHourOut["waiting"]>;
  /** Who listens to which talk; nobody, for a person who may not listen. */
  readonly listening: readonly ListeningOut[];
  /** By queue; none where nobody is missed. */
  readonly missed: readonly MissedCount[];
  /** Another number says that the list of callbacks is another one. */
  readonly callbacks: number;
  /** Another number says that the list of messages is another one. */
  readonly messages: number;
  /** The trial that runs, else the last one; null: there was none, or the person may not read versions. */
  readonly trial: Trial | null;
}

export interface News {
  at: string;
  queues: QueueOut[];
  agents: AgentOut[];
  colleagues?: Colleague[];
  /** One or none, if it changed. */
  notice?: NoticeOut[];
  callers: Caller[];
  gone: string[];
  last_hour: LastHourOut[];
  /** All of them, if anything changed. */
  listening?: ListeningOut[];
  /** All of them, if anything changed. */
  missed?: MissedCount[];
  /** One, if it changed. */
  callbacks?: { changes: number }[];
  messages?: { changes: number }[];
  /** One or none, if it changed. */
  trial?: Trial[];
}

/** `state` replaces everything, `changes` what it names. */
export function fold(board: Board | null, event: string, news: News): Board | null {
  if (event !== "state" && (event !== "changes" || board === null)) return board;
  const at = Date.parse(news.at);
  const before = event === "state" ? null : board;
  return {
    at,
    queues: put(before?.queues, news.queues, (queue) => [queue.id, { ...queue, at }]),
    agents: put(before?.agents, news.agents, (agent) => [agent.id, agent]),
    colleagues: put(before?.colleagues, news.colleagues ?? [], (one) => [one.id, one]),
    notice: (news.notice === undefined ? before?.notice : news.notice[0]) ?? null,
    callers: put(before?.callers, news.callers, (caller) => [caller.call_id, caller], news.gone),
    hours: put(before?.hours, news.last_hour, (hour) => [hour.queue, hour.waiting]),
    listening: news.listening ?? before?.listening ?? [],
    missed: news.missed ?? before?.missed ?? [],
    callbacks: news.callbacks?.[0]?.changes ?? before?.callbacks ?? 0,
    messages: news.messages?.[0]?.changes ?? before?.messages ?? 0,
    trial: (news.trial === undefined ? before?.trial : news.trial[0]) ?? null,
  };
}

/** The map with what came and without what is gone: the same one if nothing did. */
function put<T, V>(
  before: ReadonlyMap<string, V> | undefined,
  came: readonly T[],
  entry: (one: T) => readonly [string, V],
  gone: readonly string[] = [],
): ReadonlyMap<string, V> {
  if (before !== undefined && came.length === 0 && gone.length === 0) return before;
  const made = new Map(before);
  for (const name of gone) made.delete(name);
  for (const one of came) made.set(...entry(one));
  return made;
}

/** Seconds that the longest waiting has waited; 0: nobody waits. */
export function longestWait(queue: Queue, now: number): number {
  return queue.waiting === 0 ? 0 : queue.longest_wait_s + Math.max(0, now - queue.at) / 1_000;
}

/** Whether somebody has come to the queue or gone. */
export function waitingChanged(was: Queue, now: Queue): boolean {
  return was.waiting !== now.waiting;
}
