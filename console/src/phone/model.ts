/** The telephone in the browser: its state, what happens to it, and what it can be told to do. */

export type Link =
  | "off"
  | "connecting"
  | "registered"
  /** There is no connection to Asterisk or the service; it is being made again. */
  | "lost"
  /** The service or Asterisk does not let this phone in. */
  | "refused"
  /** Another tab or browser is the agent's phone now. */
  | "elsewhere";

export type Microphone = "closed" | "asking" | "hears" | "denied" | "missing" | "asleep";

/** A call. `held`: the other side hears music. */
export interface Leg {
  readonly id: string;
  readonly muted: boolean;
  readonly held: boolean;
}

export interface Call extends Leg {
  readonly stage: "ringing" | "answering" | "talking";
  /** As the offer shows them: the caller's number, and words about the call. */
  readonly number: string;
  readonly words: string;
  /** It is a talk that goes on here: this is how it was. */
  readonly before: Before | null;
}

/** How a talk was before its page was loaded anew, or its connection broke. */
export interface Before {
  readonly muted: boolean;
  readonly held: boolean;
}

/** Where a call can go: the number that is dialled, and a name to show. */
export interface Target {
  readonly number: string;
  readonly name: string;
}

/** The last order to send the other side on. `of`: the caller's call, as the service names it; null: the service knows of
 *  none.
 */
export interface Transfer {
  readonly to: Target;
  readonly of: string | null;
  readonly stage: "asked" | "done" | "refused";
}

export interface Phone {
  /** The agent has chosen this browser as telephone. */
  readonly chosen: boolean;
  readonly link: Link;
  /** It was registered since it was chosen: a password that is refused now belongs to somebody else. */
  readonly admitted: boolean;
  /** It took the place of another tab. */
  readonly tookOver: boolean;
  /** The page stood still, and nobody knows what was missed: whether a call still rings, whether there is a connection. */
  readonly doubted: boolean;
  readonly microphone: Microphone;
  readonly call: Call | null;
  readonly transfer: Transfer | null;
}

export type Event =
  | { kind: "chosen" }
  | { kind: "given-up" }
  | { kind: "microphone"; now: Microphone }
  | { kind: "registered" }
  | { kind: "lost" }
  | { kind: "refused" }
  /** Another tab of this browser took the phone over, or keeps it as it is in a call. */
  | { kind: "elsewhere" }
  | { kind: "took-over" }
  /** The page stood still: the browser froze it, or the computer slept. */
  | { kind: "thawed" }
  /** Asterisk answers; whatever it said before has come. */
  | { kind: "alive" }
  /** Asterisk should have answered by now. */
  | { kind: "overdue" }
  /** It is time to try again. */
  | { kind: "due" }
  /** `before`: the caller talks with this agent, and waits for the browser to be back. */
  | { kind: "rang"; id: string; number: string; words: string; before: Before | null }
  /** There is a connection, and yet no audio comes: the network is another one. */
  | { kind: "cut"; id: string }
  | { kind: "talks"; id: string }
  | { kind: "ended"; id: string }
  | { kind: "held"; id: string; on: boolean }
  | { kind: "muted"; id: string; on: boolean }
  | { kind: "answer" }
  | { kind: "hang-up" }
  | { kind: "hold"; on: boolean }
  | { kind: "mute"; on: boolean }
  | { kind: "key"; key: string }
  | { kind: "transfer"; to: Target; of: string | null }
  /** The service has sent the caller on. */
  | { kind: "sent"; transfer: Transfer }
  /** Asterisk has sent the caller on, and waits for this phone to hang up. */
  | { kind: "transferred" }
  | { kind: "transfer-refused" }
  /** The agent has read what became of the transfer. */
  | { kind: "noted" };

export type Command =
  | { kind: "open-microphone" }
  | { kind: "close-microphone" }
  | { kind: "register" }
  | { kind: "leave" }
  | { kind: "ring" }
  | { kind: "hush" }
  | { kind: "wait" }
  | { kind: "ask" }
  | { kind: "answer"; id: string }
  | { kind: "end"; id: string }
  /** This phone has another call: that is no refusal by the agent. */
  | { kind: "turn-away"; id: string }
  /** As if the page were gone: the talk goes on, and this agent is rung once more. */
  | { kind: "vanish"; id: string }
  | { kind: "hold"; id: string; on: boolean }
  | { kind: "mute"; id: string; on: boolean }
  | { kind: "key"; id: string; key: string }
  | { kind: "send"; id: string; number: string };

export type Step = readonly [Phone, readonly Command[]];

export const OFF: Phone = {
  chosen: false,
  link: "off",
  admitted: false,
  tookOver: false,
  doubted: false,
  microphone: "closed",
  call: null,
  transfer: null,
};
