/** What the telephone does when something happens to it. Pure.
 *
 *  It is registered, and so gets calls, only while the microphone hears: a call to an agent who cannot talk helps nobody.
 */

import { type Call, type Command, type Event, type Microphone, OFF, type Phone } from "./model";

/** What is refused as the agent cannot answer it. */
const decline = (id: string): Command => ({ kind: "end", id });

export function step(phone: Phone, event: Event): readonly [Phone, readonly Command[]] {
  switch (event.kind) {
    case "chosen":
      if (phone.chosen && phone.link !== "elsewhere" && phone.link !== "refused") return [phone, []];
      return [{ ...OFF, chosen: true, microphone: "asking" }, [{ kind: "open-microphone" }]];
    case "given-up":
      return [OFF, [...silence(phone), { kind: "leave" }, { kind: "close-microphone" }]];
    case "elsewhere":
      if (!phone.chosen) return [phone, []];
      return [
        { ...OFF, chosen: true, link: "elsewhere" },
        [...silence(phone), { kind: "leave" }, { kind: "close-microphone" }],
      ];
    case "microphone":
      return phone.chosen && phone.link !== "elsewhere" ? hears(phone, event.now) : [phone, []];
    case "registered":
      return active(phone) ? [{ ...phone, link: "registered", admitted: true }, []] : [phone, []];
    case "lost":
      return active(phone) ? lost(phone) : [phone, []];
    case "refused":
      return active(phone) ? refused(phone) : [phone, []];
    case "due":
      return phone.link === "lost" && phone.microphone === "hears"
        ? [{ ...phone, link: "connecting" }, [{ kind: "register" }]]
        : [phone, []];
    default:
      return inCall(phone, event);
  }
}

/** Whether what the connection tells is of interest. */
function active(phone: Phone): boolean {
  return phone.link === "connecting" || phone.link === "registered" || phone.link === "lost";
}

function hears(phone: Phone, now: Microphone): readonly [Phone, readonly Command[]] {
  const next = { ...phone, microphone: now };
  if (now === "hears") {
    return phone.link === "off" ? [{ ...next, link: "connecting" }, [{ kind: "register" }]] : [next, []];
  }
  return now !== "asking" && phone.call?.stage !== "talking" && active(phone) ? deaf(next) : [next, []];
}

/** Without a microphone the phone gets no calls. One that rings goes to somebody else. */
function deaf(phone: Phone): readonly [Phone, readonly Command[]] {
  const ended = phone.call === null ? [] : [decline(phone.call.id)];
  return [{ ...phone, link: "off", call: null }, [...silence(phone), ...ended, { kind: "leave" }]];
}

function lost(phone: Phone): readonly [Phone, readonly Command[]] {
  const rings = phone.call !== null && phone.call.stage !== "talking"; // nobody can tell when it is over
  return [
    { ...phone, link: "lost", call: rings ? null : phone.call },
    rings ? [...silence(phone), { kind: "wait" }] : [{ kind: "wait" }],
  ];
}

function refused(phone: Phone): readonly [Phone, readonly Command[]] {
  const link = phone.admitted ? "elsewhere" : "refused";
  if (phone.call?.stage === "talking") return [{ ...phone, link }, []]; // the talk needs no registration
  return [{ ...OFF, chosen: true, link }, [...silence(phone), { kind: "leave" }, { kind: "close-microphone" }]];
}

function silence(phone: Phone): readonly Command[] {
  return phone.call?.stage === "ringing" ? [{ kind: "hush" }] : [];
}

type OfCall = Exclude<
  Event,
  { kind: "chosen" | "given-up" | "microphone" | "registered" | "lost" | "refused" | "elsewhere" | "due" }
>;

function inCall(phone: Phone, event: OfCall): readonly [Phone, readonly Command[]] {
  const call = phone.call;
  if (event.kind === "rang") return comes(phone, event);
  if (call === null || ("id" in event && event.id !== call.id)) return [phone, []];
  const changed = (more: Partial<Call>): Phone => ({ ...phone, call: { ...call, ...more } });
  switch (event.kind) {
    case "talks":
      return [changed({ stage: "talking", before: null }), [...silence(phone), ...asBefore(call)]];
    case "cut":
      return [phone, call.stage === "talking" ? [{ kind: "vanish", id: call.id }] : []];
    case "ended":
      return ended({ ...phone, call: null }, silence(phone));
    case "held":
      return [changed({ held: event.on }), []];
    case "muted":
      return [changed({ muted: event.on }), []];
    case "answer":
      if (call.stage !== "ringing") return [phone, []];
      return [changed({ stage: "answering" }), [{ kind: "hush" }, { kind: "answer", id: call.id }]];
    case "hang-up":
      return [phone, [...silence(phone), { kind: "end", id: call.id }]];
    case "hold":
    case "mute":
      return [phone, call.stage === "talking" ? [{ kind: event.kind, id: call.id, on: event.on }] : []];
    case "key":
      return [phone, call.stage === "talking" ? [{ kind: "key", id: call.id, key: event.key }] : []];
  }
}

function comes(
  phone: Phone,
  { id, number, words, before }: Extract<Event, { kind: "rang" }>,
): readonly [Phone, readonly Command[]] {
  if (phone.call !== null || phone.microphone !== "hears") return [phone, [decline(id)]];
  const call = { id, number, words, before, muted: false, held: false };
  if (before !== null) return [{ ...phone, call: { ...call, stage: "answering" } }, [{ kind: "answer", id }]];
  return [{ ...phone, call: { ...call, stage: "ringing" } }, [{ kind: "ring" }]];
}

/** The caller of an agent who was muted, or had put the caller on hold, does not hear the agent now either. */
function asBefore({ id, before }: Call): readonly Command[] {
  const again: Command[] = [];
  if (before?.muted) again.push({ kind: "mute", id, on: true });
  if (before?.held) again.push({ kind: "hold", id, on: true });
  return again;
}

/** After a call: what was put off for it is done now. */
function ended(phone: Phone, commands: readonly Command[]): readonly [Phone, readonly Command[]] {
  if (phone.link === "elsewhere" || phone.link === "refused") {
    return [{ ...OFF, chosen: true, link: phone.link }, [...commands, { kind: "leave" }, { kind: "close-microphone" }]];
  }
  if (phone.microphone === "hears" || !active(phone)) return [phone, commands];
  return [{ ...phone, link: "off" }, [...commands, { kind: "leave" }]];
}
