/** Sending on somebody whom the agent has called: the telephone does that itself. A caller is sent on by the service. Pure. */

import type { Event, Leg, Phone, Step, Transfer } from "./model";

const nothing = (phone: Phone): Step => [phone, []];

/** Whether the agent talks: then this page stays the telephone, whatever happens to its connection. */
export function inTalk({ call }: Phone): boolean {
  return call?.stage === "talking";
}

/** The call in which the agent talks; null: none. */
export function spoken({ call }: Phone): Leg | null {
  return call?.stage === "talking" ? call : null;
}

/** Whether the telephone can send on the other side now. */
export function mayTransfer(phone: Phone): boolean {
  return inTalk(phone) && phone.transfer?.stage !== "asked";
}

/** The transfer that was asked for, once the call is over. */
export function sent(transfer: Transfer | null): Transfer | null {
  return transfer?.stage === "asked" ? { ...transfer, stage: "done" } : transfer;
}

/** What follows from an event as far as it concerns a transfer; null: it does not. */
export function sending(phone: Phone, event: Event): Step | null {
  switch (event.kind) {
    case "transfer":
      if (!mayTransfer(phone) || phone.call === null) return nothing(phone);
      return [
        { ...phone, transfer: { to: event.to, of: event.of, stage: "asked" } },
        [{ kind: "send", id: phone.call.id, number: event.to.number }],
      ];
    case "sent":
      return nothing({ ...phone, transfer: event.transfer });
    case "transferred":
      return [phone, phone.call === null ? [] : [{ kind: "end", id: phone.call.id }]];
    case "transfer-refused":
      if (phone.transfer?.stage !== "asked") return nothing(phone);
      return nothing({ ...phone, transfer: { ...phone.transfer, stage: "refused" } });
    case "noted":
      return nothing(phone.transfer?.stage === "asked" ? phone : { ...phone, transfer: null });
    default:
      return null;
  }
}
