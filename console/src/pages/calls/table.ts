/** What the table of calls says, as it is read and as a file. Pure. */

import type { ListedOut } from "../../api/schema";
import type { Speaker } from "../../texts/language";
import { named } from "../../texts/texts";
import { moment } from "../../time/format";
import type { Cell } from "./csv";
import { agentCalled, type Known, placeOf } from "./known";
import { became, waitOf } from "./outcomes";
import { TEXTS } from "./texts";

export const COLUMNS = [
  TEXTS.when,
  TEXTS.number,
  TEXTS.place,
  TEXTS.agent,
  TEXTS.wait,
  TEXTS.outcome,
  TEXTS.code,
] as const;

/** The name of its wrap-up code; a code that the hotline has no more stays as it is. */
export function codeOf({ code, code_name }: Pick<ListedOut, "code" | "code_name">, { language }: Speaker): string {
  return code_name === null ? (code ?? "") : named(code_name, language);
}

/** For a spreadsheet: what the page shows, with seconds as numbers, and each call's id. */
export function rows(calls: readonly ListedOut[], known: Known, speaker: Speaker): Cell[][] {
  const { say, language } = speaker;
  const head = [...COLUMNS, TEXTS.dialled, TEXTS.id].map((column) => say(column));
  const body = calls.map((call) => [
    moment(call.started),
    call.caller,
    placeOf(known, call, language),
    call.agent === null ? "" : agentCalled(known, call.agent),
    wholeOf(waitOf(call)),
    say(became(call)),
    codeOf(call, speaker),
    call.number,
    call.id,
  ]);
  return [head, ...body];
}

function wholeOf(seconds: number | null): number | null {
  return seconds === null ? null : Math.round(seconds);
}
