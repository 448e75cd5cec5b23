/** Sending the caller on: at once, or after a second call to somebody who is asked. Two calls at most; while the agent
 *  talks with one of the two, the other one hears music. Pure.
 */

import type { Call, Command, Consult, Event, Leg, Phone, Step, Transfer } from "./model";

const nothing = (phone: Phone): Step => [phone, []];
const hold = (id: string, on: boolean): Command => ({ kind: "hold", id, on });

/** Whether somebody is being asked: the second call is there, or about to be. */
export function live(consult: Consult | null): consult is Consult {
  return consult !== null && consult.stage !== "over";
}

/** Whether the agent talks, or calls somebody: then this page stays the telephone, whatever happens to its connection. */
export function inTalk(phone: Phone): boolean {
  return phone.call?.stage === "talking" || live(phone.consult);
}

/** The call in which the agent talks now, or listens to the ringing; null: none. */
export function spoken({ call, consult }: Phone): Leg | null {
  if (live(consult) && (call === null || consult.toward === "consult")) return consult;
  return call?.stage === "talking" ? call : null;
}

/** Whether the caller can be sent on now, or somebody be asked. */
export function mayTransfer({ call, consult, transfer }: Phone): boolean {
  return call?.stage === "talking" && !live(consult) && transfer?.stage !== "asked";
}

/** Whether the caller and who is asked both talk with the agent, in turn. */
export function mayJoin({ call, consult, transfer }: Phone): boolean {
  return call?.stage === "talking" && consult?.stage === "talking" && transfer?.stage !== "asked";
}

/** The transfer that was asked for, once the caller's call is over. */
export function sent(transfer: Transfer | null): Transfer | null {
  return transfer?.stage === "asked" ? { ...transfer, stage: "done" } : transfer;
}

/** What follows from an event as far as it concerns two calls; null: it concerns the one call alone. */
export function sending(phone: Phone, event: Event): Step | null {
  switch (event.kind) {
    case "transfer":
      return send(phone, event);
    case "sent":
      return nothing({ ...phone, transfer: event.transfer });
    case "transferred":
      return [phone, phone.call === null ? [] : [{ kind: "end", id: phone.call.id }]];
    case "transfer-refused":
      if (phone.transfer?.stage !== "asked") return nothing(phone);
      return nothing({ ...phone, transfer: { ...phone.transfer, stage: "refused" } });
    case "noted":
      return nothing(phone.transfer?.stage === "asked" ? phone : { ...phone, transfer: null });
    case "consult":
      return ask(phone, event);
    default:
      return phone.consult === null ? null : besideCall(phone, phone.consult, event);
  }
}

function send(phone: Phone, { to, of }: Extract<Event, { kind: "transfer" }>): Step {
  if (!mayTransfer(phone) || phone.call === null) return nothing(phone);
  return [
    { ...phone, consult: null, transfer: { to, how: "blind", of, stage: "asked" } },
    [{ kind: "send", id: phone.call.id, number: to.number }],
  ];
}

/** The second call begins once the caller hears music. */
function ask(phone: Phone, { to, of }: Extract<Event, { kind: "consult" }>): Step {
  const { call } = phone;
  if (!mayTransfer(phone) || call === null) return nothing(phone);
  const consult: Consult = {
    id: "",
    to,
    of,
    stage: "holding",
    toward: "consult",
    why: null,
    muted: false,
    held: false,
  };
  const asking = { ...phone, consult, transfer: null };
  return call.held ? dial(asking, consult) : [asking, [hold(call.id, true)]];
}

function dial(phone: Phone, consult: Consult): Step {
  return [{ ...phone, consult: { ...consult, stage: "calling" } }, [{ kind: "dial", number: consult.to.number }]];
}

function besideCall(phone: Phone, consult: Consult, event: Event): Step | null {
  const { call } = phone;
  const changed = (more: Partial<Consult>): Phone => ({ ...phone, consult: { ...consult, ...more } });
  const ofConsult = "id" in event && event.id === consult.id;
  switch (event.kind) {
    case "called":
      return nothing(changed({ id: event.id }));
    case "rings":
      if (!ofConsult || consult.stage !== "calling") return nothing(phone);
      return [phone, [{ kind: event.audible ? "hush" : "ring-back" }]];
    case "talks":
      return ofConsult ? [changed({ stage: "talking" }), [{ kind: "hush" }]] : null;
    case "muted":
      return ofConsult ? nothing(changed({ muted: event.on })) : null;
    case "held":
      return ofConsult || event.id === call?.id ? held(phone, consult, event.id, event.on) : null;
    case "ended":
      if (ofConsult) return parted(phone, consult, event.why ?? "ended");
      return event.id === call?.id ? callerGone(phone, consult) : null;
    case "swap":
      return mayJoin(phone) && call !== null ? swap(phone, call, consult) : nothing(phone);
    case "join":
      return mayJoin(phone) && call !== null ? join(phone, call, consult) : nothing(phone);
    case "back":
      return back(phone, consult);
    case "rang":
      return live(consult) ? [phone, [{ kind: "turn-away", id: event.id }]] : null;
    case "hang-up":
    case "mute":
    case "key":
    case "hold":
      return live(consult) ? toSpoken(phone, consult, event) : null;
    default:
      return null;
  }
}

/** One of the two hears music now, or no more. The other one is taken back when it is its turn. */
function held(phone: Phone, consult: Consult, id: string, on: boolean): Step {
  const { call } = phone;
  if (id === consult.id) {
    const next = { ...phone, consult: { ...consult, held: on } };
    return on && consult.toward === "call" && call?.held ? [next, [hold(call.id, false)]] : nothing(next);
  }
  const next = { ...phone, call: call && { ...call, held: on } };
  if (on && consult.stage === "holding") return dial(next, consult);
  if (!on && consult.stage === "over") return nothing({ ...next, consult: null });
  return on && consult.toward === "consult" && consult.held ? [next, [hold(consult.id, false)]] : nothing(next);
}

function swap(phone: Phone, call: Call, consult: Consult): Step {
  const toward = consult.toward === "call" ? "consult" : "call";
  const [from, to] = toward === "call" ? [consult, call] : [call, consult];
  return [{ ...phone, consult: { ...consult, toward } }, [from.held ? hold(to.id, false) : hold(from.id, true)]];
}

function join(phone: Phone, call: Call, consult: Consult): Step {
  return [
    { ...phone, transfer: { to: consult.to, how: "consult", of: consult.of, stage: "asked" } },
    [{ kind: "join", id: call.id, other: consult.id }],
  ];
}

/** The agent goes back to the caller. */
function back(phone: Phone, consult: Consult): Step {
  if (consult.stage === "calling" || consult.stage === "talking") {
    return [{ ...phone, consult: { ...consult, toward: "call" } }, [{ kind: "hush" }, { kind: "end", id: consult.id }]];
  }
  return withCaller({ ...phone, consult: null }, []);
}

/** The second call is over. If the agent did not end it, the caller waits with music until the agent has read why. */
function parted(phone: Phone, consult: Consult, why: NonNullable<Consult["why"]>): Step {
  const silent: Command[] = consult.stage === "calling" ? [{ kind: "hush" }] : [];
  const joined = phone.transfer?.stage === "asked";
  if (phone.call === null || joined) return [{ ...phone, consult: null }, silent];
  if (consult.toward === "call") return withCaller({ ...phone, consult: null }, silent);
  return [{ ...phone, consult: { ...consult, id: "", stage: "over", why } }, silent];
}

function withCaller(phone: Phone, commands: readonly Command[]): Step {
  return [phone, phone.call === null ? commands : [...commands, hold(phone.call.id, false)]];
}

/** The caller's call is over. The consulted person stays on the line, and hears no more music. */
function callerGone(phone: Phone, consult: Consult): Step {
  const next = { ...phone, call: null, transfer: sent(phone.transfer) };
  if (phone.transfer?.stage === "asked") return nothing(consult.stage === "over" ? { ...next, consult: null } : next);
  if (consult.id === "") return nothing({ ...next, consult: null }); // over, or not dialled yet
  return [{ ...next, consult: { ...consult, toward: "consult" } }, consult.held ? [hold(consult.id, false)] : []];
}

function toSpoken(
  phone: Phone,
  consult: Consult,
  event: Extract<Event, { kind: "hang-up" | "mute" | "key" | "hold" }>,
): Step {
  const leg = spoken(phone);
  if (event.kind === "hang-up") {
    if (leg === consult && phone.call !== null) return back(phone, consult);
    return [phone, leg === null ? [] : [{ kind: "hush" }, { kind: "end", id: leg.id }]];
  }
  if (leg === null || leg.id === "") return nothing(phone);
  if (event.kind === "mute") return [phone, [{ kind: "mute", id: leg.id, on: event.on }]];
  if (leg === consult && consult.stage !== "talking") return nothing(phone);
  if (event.kind === "key") return [phone, [{ kind: "key", id: leg.id, key: event.key }]];
  return [phone, phone.call === null ? [hold(leg.id, event.on)] : []]; // with two calls it is "swap"
}
