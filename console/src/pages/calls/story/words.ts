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

/** Whom or what a destination names: an agent, a department, a number, a queue, a menu. Empty: none of these. */
export function target(to: unknown, known: Known, { say, language }: Speaker): string {
  if (to === null || typeof to !== "object") return "";
  const told = to as Readonly<Record<string, unknown>>;
  const { names } = known;
  if (typeof told.agent === "string") return agentOf(told.agent, known, say);
  if (typeof told.sub_hotline === "string") return called(names?.departments, told.sub_hotline, language);
  if (typeof told.queue === "string") return called(names?.queues, told.queue, language);
  if (typeof told.menu === "string") return called(names?.menus, told.menu, language);
  return typeof told.number === "string" ? told.number : "";
}

function agentOf(id: string, known: Known, say: Speaker["say"]): string {
  return say(PARTS.agent, { agent: agentCalled(known, id) });
}

/** Kind, or `kind/variant` → its sentence: the same as in the terminal. */
const SENTENCES: Readonly<Record<string, Text>> = STEPS;
const WORDS: Readonly<Record<string, Text>> = PARTS;

export const KINDS: readonly string[] = Object.keys(SENTENCES).filter((name) => !name.includes("/"));

/** The sentence of a step. A kind of a later version says so by its name. */
export function sentence({ kind, told }: Step, known: Known, speaker: Speaker): string {
  const { say, language } = speaker;
  const text = (value: unknown) => (typeof value === "string" || typeof value === "number" ? String(value) : "");
  const name = (value: unknown) =>
    value !== null && typeof value === "object" ? named(value as Record<string, string>, language) : text(value);
  const after = (value: unknown) => (typeof value === "number" ? duration(value) : "");
  const to = told.sub_hotline === undefined ? told.to : { sub_hotline: told.sub_hotline };
  const part = (table: string, value: unknown, otherwise: string) =>
    say(WORDS[`${table}/${value}`] ?? WORDS[`${table}/${otherwise}`] ?? TEXTS.other);
  const plain = SENTENCES[variant(kind, told)];
  const words = say(plain ?? TEXTS.other, {
    kind,
    caller: text(told.caller) || say(PARTS.hidden),
    number: text(told.number),
    menu: called(known.names?.menus, text(told.menu), language),
    text: text(told.text),
    key: text(told.key),
    language: languageName(text(told.language) || "und", language),
    place: target(told.place, known, speaker) || say(PARTS.hotline),
    name: name(told.name) || text(told.code),
    value: text(told.value),
    digits: text(told.digits),
    to: target(to, known, speaker) || say(kind === "moved" ? PARTS.front : PARTS.elsewhere),
    agent: told.agent === undefined ? say(PARTS.nobody) : agentOf(text(told.agent), known, say),
    queue: called(known.names?.queues, text(told.queue), language),
    position: text(told.position),
    time: after(told.waited_s ?? told.held_s ?? told.away_s ?? told.wait_s ?? told.talked_s ?? told.listened_s),
    by: part("by", told.by, "system"),
    reason: part("reason", told.reason, "other"),
    status: part("status", told.status, "other"),
    limit: text(told.limit),
    opens: text(told.opens).slice(0, 16).replace("T", " "),
    who: text(told.actor).replace(/^\w+:/, "") || say(PARTS.supervisor),
    note: text(told.note),
  });
  if ((kind === "transferred" || kind === "consult-asked") && told.reason) {
    return say(PARTS["with-reason"], { words: upper(words), reason: text(told.reason) });
  }
  const asIs = plain === undefined || plain.en.startsWith("{who}"); // a user's name is written as it is
  return asIs ? words : upper(words);
}

function upper(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Some kinds have another sentence where they tell more or less. */
function variant(kind: string, told: Step["told"]): string {
  if (kind === "said" && told.interrupted === true) return "said/interrupted";
  if (kind === "key-pressed" && told.key === "") return "key-pressed/digit";
  if (kind === "closed" && typeof told.opens === "string") return "closed/until";
  if (kind === "transferred" && told.how === "consult") return "transferred/consult";
  if (kind === "offer-failed" && told.rona === true) return "offer-failed/rona";
  if (kind === "overflowed" && `overflowed/${told.condition}` in SENTENCES) return `overflowed/${told.condition}`;
  if (kind === "announced" && told.nobody === true) return "announced/nobody";
  if (kind === "announced" && typeof told.position !== "number")
    return typeof told.wait_s === "number" ? "announced/wait" : "announced/other";
  if (kind === "announced" && typeof told.wait_s !== "number") return "announced/place";
  if (kind === "note" && typeof told.note !== "string") return "note/hidden";
  if (kind === "missed-done" && typeof told.note === "string" && told.note !== "") return "missed-done/noted";
  return kind;
}
