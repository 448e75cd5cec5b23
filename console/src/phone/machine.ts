/** What the telephone does when something happens to it. Pure.
 *
 *  It is registered, and so gets calls, only while the microphone hears: a call to an agent who cannot talk helps nobody.
 */

import { type Call, type Command, type Event, type Microphone, OFF, type Phone, type Step } from "./model";
import { inTalk, sending, sent } from "./sending";

/** Refuse a call that the agent cannot answer. */
const decline = (id: string): Command => ({ kind: "end", id });

export function step(phone: Phone, event: Event): Step {
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
      return active(phone) ? [{ ...phone, link: "registered", admitted: true, doubted: false }, []] : [phone, []];
    case "lost":
      return active(phone) ? lost(phone) : [phone, []];
    case "refused":
      return active(phone) ? refused(phone) : [phone, []];
    case "took-over":
      return [active(phone) ? { ...phone, tookOver: true } : phone, []];
    case "thawed":
    case "alive":
    case "overdue":
      return phone.link === "registered" ? doubts(phone, event.kind) : [phone, []];
    case "due":
      return phone.link === "lost" && phone.microphone === "hears"
        ? [{ ...phone, link: "connecting" }, [{ kind: "register" }]]
        : [phone, []];
    default: {
      const [next, commands] = sending(phone, event) ?? inCall(phone, event);
      const over = phone.call !== null && next.call === null;
      return over ? ended(next, commands) : [next, commands];
    }
  }
}

/** A ring that may be over is silent until Asterisk answers. A connection that gives no answer is made anew. */
function doubts(phone: Phone, kind: "thawed" | "alive" | "overdue"): readonly [Phone, readonly Command[]] {
  const { call } = phone;
  if (call !== null && call.stage !== "ringing") return [{ ...phone, doubted: false }, []]; // its audio shows it
  if (kind === "thawed") return [{ ...phone, doubted: true }, [...silence(phone), { kind: "ask" }]];
  if (!phone.doubted) return [phone, []];
  if (kind === "alive") return [{ ...phone, doubted: false }, call === null ? [] : [{ kind: "ring" }]];
  const ended = call === null ? [] : [decline(call.id)];
  return [
    { ...phone, doubted: false, link: "connecting", call: null },
    [...silence(phone), ...ended, { kind: "leave" }, { kind: "register" }],
  ];
}

/** Whether what the connection reports is of interest. */
function active(phone: Phone): boolean {
  return phone.link === "connecting" || phone.link === "registered" || phone.link === "lost";
}

function hears(phone: Phone, now: Microphone): Step {
  const next = { ...phone, microphone: now };
  if (now === "hears") {
    return phone.link === "off" ? [{ ...next, link: "connecting" }, [{ kind: "register" }]] : [next, []];
  }
  return now !== "asking" && !inTalk(phone) && active(phone) ? deaf(next) : [next, []];
}

/** Without a microphone the phone gets no calls. One that rings goes to somebody else. */
function deaf(phone: Phone): Step {
  const ended = phone.call === null ? [] : [decline(phone.call.id)];
  return [{ ...phone, link: "off", call: null }, [...silence(phone), ...ended, { kind: "leave" }]];
}

function lost(phone: Phone): Step {
  const rings = phone.call !== null && phone.call.stage !== "talking"; // nobody knows when it is over
  return [
    { ...phone, link: "lost", call: rings ? null : phone.call },
    rings ? [...silence(phone), { kind: "wait" }] : [{ kind: "wait" }],
  ];
}

function refused(phone: Phone): Step {
  const link = phone.admitted ? "elsewhere" : "refused";
  if (inTalk(phone)) return [{ ...phone, link }, []]; // the talk needs no registration
  return [{ ...OFF, chosen: true, link }, [...silence(phone), { kind: "leave" }, { kind: "close-microphone" }]];
}

function silence(phone: Phone): readonly Command[] {
  return phone.call?.stage === "ringing" ? [{ kind: "hush" }] : [];
}

type OfCall = Exclude<
  Event,
  {
    kind:
      | "chosen"
      | "given-up"
      | "microphone"
      | "registered"
      | "lost"
      | "refused"
      | "elsewhere"
      | "due"
      | "took-over"
      | "thawed"
      | "alive"
      | "overdue";
  }
>;

function inCall(phone: Phone, event: OfCall): Step {
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
      return [{ ...phone, call: null, transfer: sent(phone.transfer) }, silence(phone)];
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
    default:
      return [phone, []];
  }
}

function comes(phone: Phone, { id, number, words, before }: Extract<Event, { kind: "rang" }>): Step {
  if (phone.call !== null) return [phone, [{ kind: "turn-away", id }]];
  if (phone.microphone !== "hears") return [phone, [decline(id)]];
  const call = { id, number, words, before, muted: false, held: false };
  const next = { ...phone, tookOver: false, transfer: null };
  if (before !== null) return [{ ...next, call: { ...call, stage: "answering" } }, [{ kind: "answer", id }]];
  return [{ ...next, call: { ...call, stage: "ringing" } }, phone.doubted ? [] : [{ kind: "ring" }]];
}

/** The caller of an agent who was muted, or had put the caller on hold, does not hear the agent now either. */
function asBefore({ id, before }: Call): readonly Command[] {
  const again: Command[] = [];
  if (before?.muted) again.push({ kind: "mute", id, on: true });
  if (before?.held) again.push({ kind: "hold", id, on: true });
  return again;
}

/** After a call: what was put off for it is done now. */
function ended(phone: Phone, commands: readonly Command[]): Step {
  if (phone.link === "elsewhere" || phone.link === "refused") {
    return [{ ...OFF, chosen: true, link: phone.link }, [...commands, { kind: "leave" }, { kind: "close-microphone" }]];
  }
  if (phone.microphone === "hears" || !active(phone)) return [phone, commands];
  return [{ ...phone, link: "off" }, [...commands, { kind: "leave" }]];
}
