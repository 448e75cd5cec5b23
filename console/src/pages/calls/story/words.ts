/** The steps of a story in sentences. Pure. */

import { PARTS, STEPS } from "../../../api/tables";
import { called } from "../../../frame/names";
import type { Speaker } from "../../../texts/language";
import { named, type Text } from "../../../texts/texts";
import { languageName } from "../../../texts/words";
import { duration } from "../../../time/format";
import { agentCalled, type Known } from "../known";
import type { Step } from "./steps";
import { TEXTS } from "./texts";

/** The agent who answers test calls, as Records name it. */
const ROBOT = "robot";

/** Whom or what a destination names: an agent, a department, a number, a queue, a menu. Empty: none of these. */
export function target(to: unknown, known: Known, { say, language }: Speaker): string {
  if (to === null || typeof to !== "object") return "";
  const where = to as Readonly<Record<string, unknown>>;
  const { names } = known;
  if (typeof where.agent === "string") return agentOf(where.agent, known, say);
  if (typeof where.sub_hotline === "string") return called(names?.departments, where.sub_hotline, language);
  if (typeof where.queue === "string") return called(names?.queues, where.queue, language);
  if (typeof where.menu === "string") return called(names?.menus, where.menu, language);
  return typeof where.number === "string" ? where.number : "";
}

function agentOf(id: string, known: Known, say: Speaker["say"]): string {
  return id === ROBOT ? say(PARTS.robot) : say(PARTS.agent, { agent: agentCalled(known, id) });
}

/** Kind, or `kind/variant` → its sentence: the same as in the terminal. */
const SENTENCES: Readonly<Record<string, Text>> = STEPS;
const WORDS: Readonly<Record<string, Text>> = PARTS;

export const KINDS: readonly string[] = Object.keys(SENTENCES).filter((name) => !name.includes("/"));

/** The sentence of a step. A kind of a later version says so by its name. */
export function sentence({ kind, data }: Step, known: Known, speaker: Speaker): string {
  const { say, language } = speaker;
  const text = (value: unknown) => (typeof value === "string" || typeof value === "number" ? String(value) : "");
  const name = (value: unknown) =>
    value !== null && typeof value === "object" ? named(value as Record<string, string>, language) : text(value);
  const after = (value: unknown) => (typeof value === "number" ? duration(value) : "");
  const to = data.sub_hotline === undefined ? data.to : { sub_hotline: data.sub_hotline };
  const part = (table: string, value: unknown, otherwise: string) =>
    say(WORDS[`${table}/${value}`] ?? WORDS[`${table}/${otherwise}`] ?? TEXTS.other);
  const plain = SENTENCES[variant(kind, data)];
  const words = say(plain ?? TEXTS.other, {
    kind,
    caller: text(data.caller) || say(PARTS.hidden),
    number: text(data.number),
    shown: text(data.shown),
    why: part("why", data.why, "other"),
    menu: called(known.names?.menus, text(data.menu), language),
    text: text(data.text),
    key: text(data.key),
    language: languageName(text(data.language) || "und", language),
    place: target(data.place, known, speaker) || say(PARTS.hotline),
    name: name(data.name) || text(data.code),
    value: text(data.value),
    digits: text(data.digits),
    to: target(to, known, speaker) || say(kind === "moved" ? PARTS.front : PARTS.elsewhere),
    agent: data.agent === undefined ? say(PARTS.nobody) : agentOf(text(data.agent), known, say),
    queue: called(known.names?.queues, text(data.queue), language),
    position: text(data.position),
    time: after(
      data.waited_s ?? data.held_s ?? data.away_s ?? data.wait_s ?? data.talked_s ?? data.listened_s ?? data.length_s,
    ),
    leg: say(WORDS[`leg/${data.line}`] ?? PARTS["leg/outside"], { agent: agentOf(text(data.agent), known, say) }),
    mos: text(data.mos),
    lost: text(data.lost),
    jitter_ms: text(data.jitter_ms),
    trip_ms: text(data.trip_ms),
    by: part("by", data.by, "system"),
    gone: part("gone", data.why, "lost"),
    reason: part("reason", data.reason, "other"),
    status: part("status", data.status, "other"),
    question: text(data.question),
    limit: text(data.limit),
    opens: text(data.opens).slice(0, 16).replace("T", " "),
    who: text(data.actor).replace(/^\w+:/, "") || say(PARTS.supervisor),
    note: text(data.note),
  });
  if ((kind === "transferred" || kind === "consult-asked") && data.reason) {
    return say(PARTS["with-reason"], { words: upper(words), reason: text(data.reason) });
  }
  const asIs = plain === undefined || plain.en.startsWith("{who}"); // a user's name is written as it is
  return asIs ? words : upper(words);
}

function upper(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Causes of the end of a call that nobody has hung up. */
const CUT_OFF: ReadonlySet<unknown> = new Set(["asterisk-ended", "machine-lost", "asterisk-away"]);

/** Some kinds have another sentence where they have more or less. */
function variant(kind: string, data: Step["data"]): string {
  if (kind === "call-started" && typeof data.cut === "string") return "call-started/again";
  if (kind === "call-finished" && CUT_OFF.has(data.cause)) return "call-finished/cut";
  if (kind === "said" && data.interrupted === true) return "said/interrupted";
  if (kind === "key-pressed" && data.key === "") return "key-pressed/digit";
  if (kind === "closed" && typeof data.opens === "string") return "closed/until";
  if (kind === "transferred" && data.how === "consult") return "transferred/consult";
  if (kind === "offer-failed" && data.rona === true) return "offer-failed/rona";
  if (kind === "overflowed" && `overflowed/${data.condition}` in SENTENCES) return `overflowed/${data.condition}`;
  if (kind === "announced" && data.nobody === true) return "announced/nobody";
  if (kind === "announced" && typeof data.position !== "number")
    return typeof data.wait_s === "number" ? "announced/wait" : "announced/other";
  if (kind === "announced" && typeof data.wait_s !== "number") return "announced/place";
  if (kind === "callback-dialled" && typeof data.agent === "string") return "callback-dialled/agent";
  if (kind === "call-out-dialled" && typeof data.callback === "string") return "call-out-dialled/callback";
  if (kind === "call-out-dialled" && !data.number) return "call-out-dialled/hidden";
  if (kind === "call-out-ended" && data.by === "agent") return "call-out-ended/agent";
  if (kind === "leg-measured" && typeof data.mos !== "number") return "leg-measured/silent";
  if (kind === "leg-measured" && typeof data.trip_ms === "number") return "leg-measured/trip";
  if ((kind === "sound-lost" || kind === "sound-back") && data.side === "caller") return `${kind}/caller`;
  if (kind === "note" && typeof data.note !== "string") return "note/hidden";
  if (kind === "missed-done" && typeof data.note === "string" && data.note !== "") return "missed-done/noted";
  if (kind === "message-done" && typeof data.note === "string" && data.note !== "") return "message-done/noted";
  return kind;
}
