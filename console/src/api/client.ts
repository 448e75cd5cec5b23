/** Requests to the service, typed by its OpenAPI description. A failed one throws `Refused` or `Unreached`. */

import type { paths } from "./schema";

type Method = "get" | "post" | "put" | "delete";

export type PathOf<M extends Method> = {
  [P in keyof paths]: paths[P] extends Record<M, { responses: unknown }> ? P : never;
}[keyof paths];

type Operation<M extends Method, P extends PathOf<M>> = paths[P] extends Record<M, infer O> ? O : never;

type Json<T> = T extends { content: { "application/json": infer B } } ? B : undefined;

/** The service's answer to a request that it has carried out. */
export type Answer<M extends Method, P extends PathOf<M>> =
  Operation<M, P> extends { responses: infer R } ? Json<R[keyof R & (200 | 201 | 202 | 204)]> : never;

type BodyOf<M extends Method, P extends PathOf<M>> =
  Operation<M, P> extends { requestBody: { content: { "application/json": infer B } } } ? B : undefined;

type NamesIn<P extends string> = P extends `${string}{${infer N}}${infer Rest}` ? N | NamesIn<Rest> : never;

export interface Asked<M extends Method, P extends PathOf<M>> {
  /** What stands for the `{…}` of the path. */
  path?: Record<NamesIn<P>, string>;
  query?: Record<string, string | number>;
  body?: BodyOf<M, P>;
  /** Of the sentences in the answer; left out: the page's. */
  language?: string;
  /** Headers beside those that let the request in. */
  more?: Record<string, string>;
  /** A body that is no JSON. */
  raw?: Blob;
}

/** The service said no. `message`: its own sentence, in the language of the page. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    detail: string,
    /** Seconds to wait, if the service said so. */
    readonly retryAfter: number | null,
    /** What is wrong with what was sent, if the service has a word for it. */
    readonly fault: string | null = null,
    /** For how a message sounds in the draft voice: its takes by language; null: it is not about that. */
    readonly draft: Readonly<Record<string, string>> | null = null,
  ) {
    super(detail);
  }
}

/** No answer came: no network, or no service. */
export class Unreached extends Error {}

/** What the requests of this page send to be let in: a program's token, else the CSRF token beside the session's cookie. */
export const credentials: { token: string | null; csrf: string | null } = { token: null, csrf: null };

let onSignedOut: () => void = () => {};

/** `listener` is called when a request, or the event stream, finds that the session has ended. */
export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

export function signedOut(): void {
  onSignedOut();
}

export function headers(method: Method): Headers {
  const made = new Headers({ "Accept-Language": document.documentElement.lang });
  if (credentials.token !== null) made.set("Authorization", `Bearer ${credentials.token}`);
  else if (method !== "get" && credentials.csrf !== null) made.set("X-CSRF-Token", credentials.csrf);
  return made;
}

export async function ask<M extends Method, P extends PathOf<M>>(
  method: M,
  path: P,
  asked: Asked<M, P> = {},
  signal: AbortSignal | null = null,
): Promise<Answer<M, P>> {
  const sent = headers(method);
  if (asked.body !== undefined) sent.set("Content-Type", "application/json");
  if (asked.language !== undefined) sent.set("Accept-Language", asked.language);
  for (const [name, value] of Object.entries(asked.more ?? {})) sent.set(name, value);
  const response = await reach(address(path, asked.path, asked.query), {
    method: method.toUpperCase(),
    headers: sent,
    body: asked.body === undefined ? (asked.raw ?? null) : JSON.stringify(asked.body),
    signal,
  });
  if (!response.ok) {
    const refused = await refusal(response);
    // without the challenge the 401 is of a password or code that the request had in it
    const nobody = refused.status === 401 && response.headers.has("WWW-Authenticate");
    if (nobody && path !== "/api/v1/session") signedOut();
    throw refused;
  }
  return (response.status === 204 ? undefined : await response.json()) as Answer<M, P>;
}

/** As `fetch`, but throws `Unreached` where no answer comes. */
export async function reach(url: string, options: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { credentials: "same-origin", cache: "no-store", redirect: "error", ...options });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new Unreached(String(error));
  }
}

export async function refusal(response: Response): Promise<Refused> {
  const said = (await response.json().catch(() => ({}))) as {
    detail?: unknown;
    fault?: unknown;
    draft?: Readonly<Record<string, string>>;
  };
  const later = Number(response.headers.get("Retry-After") ?? "");
  const detail = typeof said.detail === "string" ? said.detail : response.statusText;
  const fault = typeof said.fault === "string" ? said.fault : null;
  return new Refused(response.status, detail, later > 0 ? later : null, fault, said.draft ?? null);
}

export function address(
  path: string,
  names: Record<string, string> = {},
  query: Asked<"get", never>["query"] = {},
): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(names[name] ?? ""));
  const asked = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)])).toString();
  return asked ? `${filled}?${asked}` : filled;
}
