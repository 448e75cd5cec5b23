/** What the service keeps of what was published, and publishing. */

import { address, ask, headers, Refused, reach, refusal } from "../../../api/client";
import type { PublishIn, VersionOut } from "../../../api/schema";

export interface Published {
  /** The newest first. */
  readonly versions: readonly VersionOut[];
  /** What `If-Match` gets of somebody who knows the one in use. */
  readonly etag: string;
}

/** The tag is read first: what is published in between makes it an old one, and then nothing is overwritten. */
export async function published(signal: AbortSignal): Promise<Published> {
  const path = address("/api/v1/versions/{number}", { number: "current" });
  const response = await reach(path, { headers: headers("get"), signal });
  const etag = response.headers.get("ETag");
  if (etag === null) throw await refusal(response);
  return { versions: await ask("get", "/api/v1/versions", {}, signal), etag };
}

export function publish(wanted: Partial<PublishIn>, etag: string, language: string) {
  const body = { note: "", over: false, ...wanted };
  return ask("post", "/api/v1/versions", { body, language, more: { "If-Match": etag } });
}

/** Somebody else has published meanwhile. */
export function newer(error: unknown): boolean {
  return error instanceof Refused && error.status === 412;
}
