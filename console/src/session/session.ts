/** Who uses this page: signs in and out, and stays signed in as long as somebody is there. */

import { ask, credentials, Refused, whenSignedOut } from "../api/client";
import type { Role, SessionOut } from "../api/schema";
import { store } from "../frame/store";
import { setZone } from "../time/zone";

export type Why = "signed-out" | "ended" | "no-access" | null;

export type Session =
  /** Not known yet. */
  | { kind: "asking" }
  | { kind: "nobody"; why: Why }
  /** The service does not answer, so nobody knows. */
  | { kind: "unreached" }
  | { kind: "signed-in"; who: SessionOut };

export const session = store<Session>({ kind: "asking" });

/** Requests keep a session; the event stream does not. So a hand on mouse or keyboard makes one, this often at most. */
const PRESENCE = 5 * 60_000;

/** A wall without a person: `#token=…` in the address, which no server and no log sees. Kept for a reload of this tab. */
const TOKEN = "wutong.token";

/** The one page that a token opens: a link could else sign somebody in to another account, at a desk for example. */
const WALL = "/wall";

/** Counts once it is known that nobody has signed in here. */
let waiting: string | null = null;

export async function start(): Promise<void> {
  waiting = takeToken();
  whenSignedOut(() => leave("ended"));
  watchPresence();
  await look();
}

/** Ask who one is. */
export async function look(): Promise<void> {
  try {
    enter(await ask("get", "/api/v1/session"));
    if (waiting !== null) dropToken();
  } catch (error) {
    if (error instanceof Refused && (error.status === 401 || error.status === 403)) {
      if (waiting !== null) return await lookByToken(waiting);
      leave(credentials.token === null ? null : "no-access");
    } else if (session.get().kind !== "signed-in") {
      session.set({ kind: "unreached" });
    }
  }
}

/** Throws `Refused` or `Unreached`. */
export async function signIn(name: string, password: string, code: string): Promise<void> {
  enter(await ask("post", "/api/v1/session", { body: { name, password, code } }));
}

/** What a page still has to do while the person is signed in. It may fail. */
export const beforeSignOut = new Set<() => Promise<unknown>>();

export async function signOut(): Promise<void> {
  await Promise.allSettled([...beforeSignOut].map((parting) => parting()));
  await ask("delete", "/api/v1/session").catch(() => {}); // without an answer this page forgets it all the same
  leave("signed-out");
}

/** The session is over, for that reason. */
export function leave(why: Why): void {
  credentials.csrf = null;
  if (session.get().kind === "nobody" && why === "ended") return;
  session.set({ kind: "nobody", why });
}

export function has(who: SessionOut, ...roles: readonly Role[]): boolean {
  return who.roles.some((role) => roles.includes(role));
}

function enter(who: SessionOut): void {
  credentials.csrf = who.csrf;
  setZone(who.timezone);
  session.set({ kind: "signed-in", who });
}

async function lookByToken(token: string): Promise<void> {
  credentials.token = token;
  waiting = null;
  await look();
}

/** The reader has come to another page, where a token does not count: that one is loaded anew, without it. */
export function cameTo(path: string): void {
  if (credentials.token !== null && path !== WALL) location.reload();
}

function takeToken(): string | null {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (given !== null) history.replaceState(null, "", location.pathname + location.search);
  if (location.pathname !== WALL) return null;
  if (given !== null) sessionStorage.setItem(TOKEN, given);
  return given ?? sessionStorage.getItem(TOKEN);
}

/** Somebody has signed in here, and stays who it is. */
function dropToken(): void {
  waiting = null;
  sessionStorage.removeItem(TOKEN);
}

function watchPresence(): void {
  let last = Date.now();
  const seen = () => {
    if (session.get().kind !== "signed-in" || Date.now() - last < PRESENCE) return;
    last = Date.now();
    void look();
  };
  for (const event of ["pointerdown", "pointermove", "keydown"]) addEventListener(event, seen, { passive: true });
}
