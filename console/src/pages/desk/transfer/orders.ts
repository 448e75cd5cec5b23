/** Orders to the service about the agent's own talk: whatever telephone the agent has, the service holds and sends. */

import { useState } from "preact/hooks";
import { ask } from "../../../api/client";
import type { TransferIn } from "../../../api/schema";
import { failure } from "../../../frame/failure";
import { useSpeaker } from "../../../texts/language";
import type { Choice } from "./targets";

const PATHS = {
  hold: "/api/v1/calls/{call_id}/hold",
  unhold: "/api/v1/calls/{call_id}/unhold",
  return: "/api/v1/calls/{call_id}/return",
  join: "/api/v1/calls/{call_id}/join",
  complete: "/api/v1/calls/{call_id}/complete",
} as const;

export type Order = keyof typeof PATHS;

export const order = (call: string, what: Order): Promise<unknown> =>
  ask("post", PATHS[what], { path: { call_id: call } });

export const send = (call: string, choice: Choice, how: TransferIn["how"], reason: string): Promise<unknown> =>
  sendOn(call, place(choice), how, reason);

export const sendOn = (call: string, to: TransferIn["to"], how: TransferIn["how"], reason: string): Promise<unknown> =>
  ask("post", "/api/v1/calls/{call_id}/transfer", { path: { call_id: call }, body: { to, how, reason } });

function place(choice: Choice): TransferIn["to"] {
  switch (choice.kind) {
    case "queue":
      return { queue: choice.of.id };
    case "agent":
      return { agent: choice.of.id };
    case "department":
      return { sub_hotline: choice.of.id };
    case "number":
      return { number: choice.number };
  }
}

/** One order after the other, and why the last one was refused. */
export function useOrders(): {
  refused: string | null;
  give: (asked: () => Promise<unknown>, then?: () => void) => void;
} {
  const speaker = useSpeaker();
  const [refused, setRefused] = useState<string | null>(null);
  return {
    refused,
    give: (asked, then) =>
      void asked().then(
        () => {
          setRefused(null);
          then?.();
        },
        (error: unknown) => setRefused(failure(error, speaker)),
      ),
  };
}
