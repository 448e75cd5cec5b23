/** What a headset's button means for the call, and which lamps the call lights. Pure.
 *
 *  Headsets differ. The hook of one is a switch that stands at "off" during a call; it also moves when the page answers, as
 *  the lamp tells the headset. That of another is up again within milliseconds, and says in its description that it is a
 *  switch all the same. Which it is shows when it is first pressed.
 */

import type { Phone, Event as PhoneEvent } from "../model";
import type { Button, Lamp, Reported } from "./reports";

/** Milliseconds: a switch that stands elsewhere again so soon is a button. */
const MOMENT = 400;

interface Switch {
  readonly on: boolean;
  /** When it went on, milliseconds. */
  readonly since: number;
  readonly momentary: boolean;
  /** It went on, and nothing was done: it may have followed the lamp. */
  readonly ignored: boolean;
}

export type Headset = Readonly<Record<Button, Switch>>;

const UP: Switch = { on: false, since: 0, momentary: false, ignored: false };
export const FRESH: Headset = { hook: UP, mute: UP, drop: UP };

type Wish = PhoneEvent | null;

export function step(headset: Headset, { button, on, absolute }: Reported, phone: Phone, now: number): [Headset, Wish] {
  const was = headset[button];
  if (!absolute) return [headset, on ? pressed(button, phone) : null];
  if (on === was.on) return [headset, null]; // the report is of another button
  const [next, wish] = on ? down(button, was, phone, now) : up(button, was, phone, now);
  return [{ ...headset, [button]: next }, wish];
}

/** The lamps of a phone. During a hold the hook stays off: some headsets hang up otherwise. */
export function lamps({ call }: Phone): ReadonlySet<Lamp> {
  const found = new Set<Lamp>();
  if (call?.stage === "ringing") found.add("ring");
  else if (call) found.add("off-hook");
  if (call?.muted) found.add("mute");
  if (call?.held) found.add("hold");
  return found;
}

function down(button: Button, was: Switch, phone: Phone, now: number): [Switch, Wish] {
  const wish = was.momentary ? pressed(button, phone) : switched(button, true, phone);
  return [{ ...was, on: true, since: now, ignored: wish === null }, wish];
}

function up(button: Button, was: Switch, phone: Phone, now: number): [Switch, Wish] {
  const next = { ...was, on: false, ignored: false };
  if (was.momentary) return [next, null];
  if (now - was.since >= MOMENT) return [next, switched(button, false, phone)];
  // A button: what was not done when it went down is done now.
  return [{ ...next, momentary: true }, was.ignored ? pressed(button, phone) : null];
}

/** A button was pressed. */
function pressed(button: Button, { call }: Phone): Wish {
  if (call === null) return null;
  if (button === "mute") return { kind: "mute", on: !call.muted };
  return button === "hook" && call.stage === "ringing" ? { kind: "answer" } : { kind: "hang-up" };
}

/** A switch stands there now. */
function switched(button: Button, on: boolean, { call }: Phone): Wish {
  if (call === null) return null;
  switch (button) {
    case "mute":
      return call.muted === on ? null : { kind: "mute", on };
    case "drop":
      return on ? { kind: "hang-up" } : null;
    case "hook":
      if (call.stage === "ringing") return on ? { kind: "answer" } : null;
      return on ? null : { kind: "hang-up" };
  }
}
