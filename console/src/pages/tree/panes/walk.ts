/** A caller's walk, as the page knows it: the keys so far, and what is to be heard. Pure. */

import type { SaidOut, StepOut, WalkIn, WalkOut } from "../../../api/schema";
import type { Files } from "../model";
import { sent } from "./sent";
import type { Sound } from "./sounds";

/** As it is filled in; empty: the service's own choice. */
export interface Caller {
  readonly at: string;
  readonly number: string;
  readonly caller: string;
  readonly language: string;
}

export const NOBODY: Caller = { at: "", number: "", caller: "", language: "" };

export const SILENCE = "silence";
/** In the order of a telephone. */
export const PAD = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"] as const;

export function request(files: Files, caller: Caller, keys: readonly string[]): WalkIn {
  const given = (text: string) => text.trim() || null;
  return {
    files: sent(files),
    at: given(caller.at),
    number: given(caller.number),
    caller: caller.caller.replace(/[\s()-]/g, ""),
    language: given(caller.language),
    keys: [...keys],
  };
}

/** The keys without those that did nothing. */
export function taken(keys: readonly string[], walk: WalkOut): readonly string[] {
  return keys.slice(0, keys.length - walk.left.length);
}

/** How a clip sounds; null: it cannot be heard here. */
export function soundOf({ sound, speaker }: SaidOut): Sound | null {
  return sound === null ? null : { url: sound, unspoken: speaker === null };
}

/** The sounds that come after the steps that were heard. */
export function unheard(steps: readonly StepOut[], heard: number): readonly Sound[] {
  return steps.slice(heard).flatMap(({ said }) => said.flatMap((each) => soundOf(each) ?? []));
}
