/** Why a password or a code did not do, as a sentence. */

import { Refused } from "../../api/client";
import { failure } from "../../frame/failure";
import { TEXTS as SIGN_IN } from "../../session/texts";
import type { Speaker } from "../../texts/language";
import type { Text } from "../../texts/texts";
import { duration } from "../../time/format";

/** `wrong`: what a 401 means here. */
export function refusedProof(error: unknown, wrong: Text, speaker: Speaker): string {
  if (error instanceof Refused && error.status === 401) return speaker.say(wrong);
  if (error instanceof Refused && error.status === 429) {
    return speaker.say(SIGN_IN.locked, { time: duration(error.retryAfter ?? 30) });
  }
  return failure(error, speaker);
}
