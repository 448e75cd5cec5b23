/** The phone of this page: the machine, with everything that it speaks to. */

import { ask, Refused, Unreached } from "../api/client";
import { kept } from "../frame/kept";
import { store } from "../frame/store";
import { beforeSignOut } from "../session/session";
import { step } from "./machine";
import { Ears } from "./microphone";
import { type Command, type Event, OFF, type Phone } from "./model";
import { ring } from "./ringing";
import { inTalk } from "./sending";
import { Sip } from "./sip";
import { devices, earChoice, heard, ringChoice, routed, speaker } from "./sound";
import { take, talk } from "./tabs";
import { remember } from "./talked";
import { watchThaw } from "./thawing";

/** Milliseconds until a service or an Asterisk that did not answer is asked again. */
const AGAIN = 3_000;

/** Milliseconds until Asterisk has answered whether it is there: what rang is silent within a second. */
const ANSWER = 800;

export const phone = store<Phone>(OFF);

/** Which telephone the agent has chosen here: the browser, or a SIP phone on the desk. */
export const choice = kept<"browser" | "sip">("phone", ["browser", "sip"], "sip");

let agent = "";
let sip: Sip | null = null;
let ears: Ears | null = null;
let hush: () => void = () => {};
let talkOver: (() => void) | null = null;
let due: ReturnType<typeof setTimeout> | undefined;
let overdue: ReturnType<typeof setTimeout> | undefined;

/** From now on this page is that agent's phone, if the agent has chosen so. Answers how to stop. */
export function attach(id: string): () => void {
  agent = id;
  const follow = () => tell({ kind: choice.get() === "browser" ? "chosen" : "given-up" });
  const stops = [
    choice.follow(follow),
    earChoice.follow(hear),
    devices.follow(hear),
    heard.follow(speak),
    watchThaw(() => tell({ kind: "thawed" })),
  ];
  const parting = () => (phone.get().chosen ? giveBack() : Promise.resolve());
  beforeSignOut.add(parting);
  if (choice.get() === "browser") follow();
  return () => {
    for (const stop of stops) stop();
    beforeSignOut.delete(parting);
    tell({ kind: "given-up" });
  };
}

/** The password is worth nothing any more: when the agent signs out, or chooses a SIP phone. */
export async function giveBack(): Promise<void> {
  await ask("delete", "/api/v1/agents/{agent_id}/browser-phone", { path: { agent_id: agent } });
}

export function tell(event: Event): void {
  const before = phone.get();
  const [next, commands] = step(before, event);
  phone.set(next);
  if (next.call !== before.call && next.call !== null) remember(next.call);
  const talks = inTalk(next);
  if (talks && talkOver === null) talkOver = talk();
  if (!talks) {
    talkOver?.();
    talkOver = null;
  }
  for (const command of commands) perform(command);
}

function perform(command: Command): void {
  switch (command.kind) {
    case "open-microphone":
      ears?.close();
      ears = new Ears((now) => tell({ kind: "microphone", now }));
      return;
    case "close-microphone":
      ears?.close();
      ears = null;
      return;
    case "register":
      void register();
      return;
    case "leave":
      clearTimeout(due);
      clearTimeout(overdue);
      sip?.leave();
      sip = null;
      return;
    case "wait":
      // JsSIP connects again by itself: only what never connected is tried anew.
      clearTimeout(due);
      if (sip === null) due = setTimeout(() => tell({ kind: "due" }), AGAIN);
      return;
    case "ring":
      hush();
      hush = ring(speaker(ringChoice));
      return;
    case "hush":
      hush();
      hush = () => {};
      return;
    case "ask":
      clearTimeout(overdue);
      overdue = setTimeout(() => tell({ kind: "overdue" }), ANSWER);
      sip?.ask(() => tell({ kind: "alive" }));
      return;
    case "answer":
      if (ears?.stream) sip?.answer(command.id, ears.stream);
      return;
    case "end":
      sip?.end(command.id);
      return;
    case "turn-away":
      sip?.end(command.id, true);
      return;
    case "vanish":
      sip?.vanish(command.id);
      return;
    case "hold":
      sip?.hold(command.id, command.on);
      return;
    case "mute":
      sip?.mute(command.id, command.on);
      return;
    case "key":
      sip?.key(command.id, command.key);
      return;
    case "send":
      sip?.send(command.id, command.number);
      return;
  }
}

/** The caller is heard where the agent wants it. */
function hear(): void {
  if (sip !== null) void routed(sip.ear, speaker(earChoice));
}

/** What is said goes into the call, also from a microphone that was opened during the call. */
function speak(): void {
  const stream = heard.get();
  if (stream !== null) sip?.speakInto(stream);
}

async function register(): Promise<void> {
  try {
    const taken = await take(() => tell({ kind: "elsewhere" }));
    if (taken === null) {
      tell({ kind: "elsewhere" });
      return;
    }
    if (taken.from === "another") tell({ kind: "took-over" });
    const { user, password, port } = await ask("post", "/api/v1/agents/{agent_id}/browser-phone", {
      path: { agent_id: agent },
    });
    if (phone.get().link !== "connecting") return;
    sip = new Sip({ user, password, port: proxied() ? null : port }, tell);
    hear();
  } catch (error) {
    if (error instanceof Refused && error.status !== 503) tell({ kind: "refused" });
    else if (error instanceof Refused || error instanceof Unreached) tell({ kind: "lost" });
    else throw error;
  }
}

/** Whether a reverse proxy serves this page, and so the WebSocket: it has the port of its scheme. */
function proxied(): boolean {
  return location.port === "";
}
