/** The event stream of this page: feeds the machine in `connection`, and does what it says. */

import { headers, reach, refusal, signedOut } from "../api/client";
import { store } from "../frame/store";
import { heardAt, hold, now } from "../time/clock";
import { type Board, fold, type News } from "./board";
import { type Connection, type Event, IDLE, step } from "./connection";
import { Messages } from "./messages";

const STREAM = "/api/v1/events";

export const board = store<Board | null>(null);
/** As the page shows it: it changes when what is shown does, not with every sign of life. */
export const connection = store<Connection>(IDLE);

/** While the connection is lost, when it was alive last (milliseconds on the service's clock): what is shown is of then. */
export const lost = store<number | null>(null);

let machine = IDLE;
let alive = 0;
let cut = new AbortController();
let timer: ReturnType<typeof setTimeout> | undefined;
let followers = 0;

/** Keep the stream open as long as somebody follows. Answers how to stop. */
export function follow(): () => void {
  followers += 1;
  if (followers === 1) {
    addEventListener("online", wake);
    document.addEventListener("visibilitychange", wake);
    tell({ kind: "started" });
  }
  return () => {
    followers -= 1;
    if (followers > 0) return;
    removeEventListener("online", wake);
    document.removeEventListener("visibilitychange", wake);
    clearTimeout(timer);
    cut.abort();
    machine = IDLE;
    hold(null);
    lost.set(null);
    connection.set(IDLE);
    board.set(null);
  };
}

/** Try at once, not when the wait is over. */
export function wake(): void {
  tell({ kind: "woken" });
}

function tell(event: Event): void {
  const [next, commands] = step(machine, event, performance.now(), Math.random());
  machine = next;
  if (event.kind === "heard" && next.lostSince === null) {
    hold(null);
    alive = now();
  }
  const since = next.lostSince === null || board.get() === null ? null : alive;
  hold(since);
  lost.set(since);
  for (const command of commands) {
    cut.abort();
    cut = new AbortController();
    if (command === "connect") void listen(cut.signal);
  }
  clearTimeout(timer);
  if (next.deadline !== null) {
    timer = setTimeout(() => tell({ kind: "due" }), Math.max(0, next.deadline - performance.now()));
  }
  if (differs(next, connection.get())) connection.set(next);
  if (next.phase === "over" && next.status === 401) signedOut();
}

function differs(one: Connection, other: Connection): boolean {
  return one.phase !== other.phase || one.lostSince !== other.lostSince || one.status !== other.status;
}

async function listen(signal: AbortSignal): Promise<void> {
  const say = (event: Event) => {
    if (!signal.aborted) tell(event);
  };
  try {
    const response = await reach(STREAM, { headers: headers("get"), signal });
    if (!response.ok || response.body === null) {
      const { status, retryAfter } = await refusal(response);
      say({ kind: "refused", status, retryAfter });
      return;
    }
    say({ kind: "opened" });
    await read(response.body, say);
  } catch {
    // cut by us, by the network, or no JSON
  }
  say({ kind: "ended" });
}

async function read(body: ReadableStream<Uint8Array>, say: (event: Event) => void): Promise<void> {
  const messages = new Messages();
  const pieces = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  for (;;) {
    const { done, value } = await pieces.read();
    if (done) return;
    for (const { event, data } of messages.take(value)) {
      const news = JSON.parse(data) as News;
      heardAt(Date.parse(news.at));
      board.set(fold(board.get(), event, news));
    }
    say({ kind: "heard" });
  }
}
