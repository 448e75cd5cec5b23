/** What to show a person when a request failed. */

import { Refused, Unreached } from "../api/client";
import type { Speaker } from "../texts/language";
import { TEXTS } from "./texts";

export function failure(error: unknown, { say }: Speaker): string {
  if (error instanceof Unreached) return say(TEXTS.failedUnreached);
  if (error instanceof Refused) {
    return error.status === 403 ? say(TEXTS.failedRights) : say(TEXTS.failed, { why: error.message });
  }
  throw error;
}
