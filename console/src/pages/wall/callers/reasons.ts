/** Why a caller waits, in sentences. Pure. */

import type { ShortfallOut, WhyOut } from "../../../api/schema";
import type { Speaker } from "../../../texts/language";
import type { Text } from "../../../texts/texts";
import { languageName, listed } from "../../../texts/words";
import { duration } from "../../../time/format";
import { TEXTS } from "./texts";

const OBSTACLES: Readonly<Record<WhyOut["obstacle"], Text>> = {
  ringing: TEXTS.ringing,
  limit: TEXTS.limit,
  sticky: TEXTS.sticky,
  busy: TEXTS.busy,
  "not-ready": TEXTS.notReady,
  nobody: TEXTS.nobody,
};

/** `ringing`: the agents who are being rung; `language`: the caller's; `now`: milliseconds on the service's clock; `called`: what a
 *  skill is called. */
export function reasons(
  why: WhyOut,
  ringing: readonly string[],
  language: string,
  speaker: Speaker,
  now: number,
  called: (skill: string) => string,
): string[] {
  const { say } = speaker;
  if (ringing.length > 0) return [say(TEXTS.ringing, { agents: listed(ringing, speaker.language) })];
  const named = { ...why, short: why.short.map((each) => ({ ...each, skill: called(each.skill) })) };
  const obstacle = why.obstacle === "ringing" ? "busy" : why.obstacle; // the ring has ended since that was asked
  const agent = why.sticky?.agent ?? "";
  return [
    say(OBSTACLES[obstacle], { count: why.able, agent }),
    anybody(why, speaker, now),
    lacking(named, obstacle === "nobody", language, speaker),
    following(why, speaker, now, called),
  ].filter((sentence) => sentence !== null);
}

function lacking(why: WhyOut, everybody: boolean, spoken: string, speaker: Speaker): string | null {
  const { say } = speaker;
  const who = say(everybody ? TEXTS.ofSignedIn : TEXTS.ofFree);
  if (why.no_speaker) return say(TEXTS.noSpeaker, { who, language: languageName(spoken, speaker.language) });
  if (why.short.length === 0) return null;
  if (why.short.every(({ needed, best }) => best >= needed)) {
    return say(TEXTS.notTogether, { who, skills: needed(why.short, speaker) });
  }
  const skills = why.short.map(({ skill, needed: level, best }) =>
    say(best === 0 ? TEXTS.skillMissing : TEXTS.skillShort, { skill, level, best }),
  );
  return say(TEXTS.short, { who, skills: listed(skills, speaker.language) });
}

/** From when on other agents are rung, too. */
function anybody(why: WhyOut, { say }: Speaker, now: number): string | null {
  const seconds = why.sticky === null ? 0 : (Date.parse(why.sticky.until) - now) / 1_000;
  return seconds > 0 ? say(TEXTS.anybody, { time: duration(seconds) }) : null;
}

function following(why: WhyOut, speaker: Speaker, now: number, called: (skill: string) => string): string | null {
  if (why.next_step === null) return null;
  const seconds = (Date.parse(why.next_step.at) - now) / 1_000;
  if (seconds <= 0) return null;
  const needs = Object.entries(why.next_step.needs).map(([skill, level]) => ({ skill: called(skill), needed: level }));
  return speaker.say(TEXTS.following, { time: duration(seconds), skills: needed(needs, speaker) });
}

function needed(skills: readonly Pick<ShortfallOut, "skill" | "needed">[], speaker: Speaker): string {
  const each = skills.map(({ skill, needed: level }) => speaker.say(TEXTS.skill, { skill, level }));
  return listed(each, speaker.language);
}
