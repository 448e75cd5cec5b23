/** The steps of a story in sentences. Pure. */

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
  return say(TEXTS.agent, { agent: agentCalled(known, id) });
}

const ENDED_BY: Readonly<Record<string, Text>> = {
  caller: TEXTS.byCaller,
  agent: TEXTS.byAgent,
  system: TEXTS.bySystem,
};

const NOT_ANSWERED: Readonly<Record<string, Text>> = {
  declined: TEXTS.declined,
  busy: TEXTS.busy,
  unreachable: TEXTS.unreachable,
};

/** Kind → its sentence. What stands in braces is one of the values below. */
const SENTENCES: Readonly<Record<string, Text>> = {
  "call-started": TEXTS.callStarted,
  "call-resumed": TEXTS.callResumed,
  "menu-entered": TEXTS.menuEntered,
  said: TEXTS.said,
  "key-pressed": TEXTS.keyPressed,
  "no-input": TEXTS.noInput,
  "invalid-key": TEXTS.invalidKey,
  "language-chosen": TEXTS.languageChosen,
  closed: TEXTS.closed,
  "emergency-told": TEXTS.emergencyTold,
  learned: TEXTS.learned,
  "scope-told": TEXTS.scopeTold,
  collected: TEXTS.collected,
  "sub-hotline-dialled": TEXTS.dialled,
  "sub-hotline-answered": TEXTS.answered,
  "sub-hotline-failed": TEXTS.notAnswered,
  "sub-hotline-ended": TEXTS.talkOver,
  transferred: TEXTS.transferred,
  "transfer-answered": TEXTS.answered,
  "transfer-failed": TEXTS.notAnswered,
  "transfer-ended": TEXTS.talkOver,
  "talk-interrupted": TEXTS.talkInterrupted,
  "talk-resumed": TEXTS.talkResumed,
  held: TEXTS.held,
  unheld: TEXTS.unheld,
  "consult-asked": TEXTS.consultAsked,
  "consult-answered": TEXTS.consultAnswered,
  "consult-joined": TEXTS.consultJoined,
  "consult-failed": TEXTS.notAnswered,
  "consult-ended": TEXTS.consultEnded,
  routed: TEXTS.routed,
  "call-finished": TEXTS.callFinished,
  "help-called": TEXTS.helpCalled,
  "help-over": TEXTS.helpOver,
  "listening-asked": TEXTS.listeningAsked,
  "listening-began": TEXTS.listeningBegan,
  "listening-changed": TEXTS.listeningChanged,
  "listening-ended": TEXTS.listeningEnded,
  queued: TEXTS.queued,
  offered: TEXTS.offered,
  "offer-answered": TEXTS.offerAnswered,
  "offer-failed": TEXTS.offerFailed,
  "offer-cancelled": TEXTS.offerCancelled,
  connected: TEXTS.connected,
  "talk-ended": TEXTS.talkEnded,
  "left-queue": TEXTS.leftQueue,
  moved: TEXTS.moved,
  overflowed: TEXTS.overflowed,
  announced: TEXTS.announced,
  "wrap-up-code": TEXTS.wrapUpCode,
  note: TEXTS.note,
};

export const KINDS: readonly string[] = Object.keys(SENTENCES);

/** The sentence of a step. A kind of a later version says so by its name. */
export function sentence({ kind, told }: Step, known: Known, speaker: Speaker): string {
  const { say, language } = speaker;
  const text = (value: unknown) => (typeof value === "string" || typeof value === "number" ? String(value) : "");
  const name = (value: unknown) =>
    value !== null && typeof value === "object" ? named(value as Record<string, string>, language) : text(value);
  const after = (value: unknown) => (typeof value === "number" ? duration(value) : "");
  const to = told.sub_hotline === undefined ? told.to : { sub_hotline: told.sub_hotline };
  const plain = chosen(kind, told);
  const words = say(plain ?? TEXTS.other, {
    kind,
    caller: text(told.caller) || say(TEXTS.hidden),
    number: text(told.number),
    menu: called(known.names?.menus, text(told.menu), language),
    text: text(told.text),
    key: text(told.key),
    language: languageName(text(told.language) || "und", language),
    place: target(told.place, known, speaker) || say(TEXTS.hotline),
    name: name(told.name) || text(told.code),
    value: text(told.value),
    digits: text(told.digits),
    to: target(to, known, speaker) || say(kind === "moved" ? TEXTS.front : TEXTS.elsewhere),
    agent: told.agent === undefined ? say(TEXTS.nobody) : agentOf(text(told.agent), known, say),
    queue: called(known.names?.queues, text(told.queue), language),
    position: text(told.position),
    time: after(told.waited_s ?? told.held_s ?? told.away_s ?? told.wait_s ?? told.talked_s ?? told.listened_s),
    by: say(ENDED_BY[text(told.by)] ?? TEXTS.bySystem),
    why: say(NOT_ANSWERED[text(told.reason)] ?? TEXTS.noAnswer),
    who: text(told.actor).replace(/^\w+:/, "") || say(TEXTS.supervisor),
    note: text(told.note),
  });
  if ((kind === "transferred" || kind === "consult-asked") && told.reason) {
    return say(TEXTS.withReason, { words: upper(words), reason: text(told.reason) });
  }
  const asIs = plain === undefined || plain.en.startsWith("{who}"); // a user's name is written as it is
  return asIs ? words : upper(words);
}

function upper(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Some kinds have another sentence where they tell less. */
function chosen(kind: string, told: Step["told"]): Text | undefined {
  if (kind === "key-pressed" && told.key === "") return TEXTS.digitPressed;
  if (kind === "announced" && typeof told.position !== "number") return TEXTS.announcedOther;
  if (kind === "announced" && typeof told.wait_s !== "number") return TEXTS.announcedPlace;
  if (kind === "note" && typeof told.note !== "string") return TEXTS.noteHidden;
  if (kind === "transferred" && told.how === "consult") return TEXTS.handedOver;
  return SENTENCES[kind];
}
