/** Server-Sent Events out of pieces of text, as far as the service uses them. No I/O. */

export interface Message {
  event: string;
  data: string;
}

/** Characters of one message; the service's largest has a few hundred thousand. */
export const LONGEST = 16_000_000;

export class Messages {
  #rest = "";

  /** The messages that this piece completes; comments are none. Throws when a message grows too long. */
  take(piece: string): Message[] {
    const blocks = (this.#rest + piece).split("\n\n");
    this.#rest = blocks.pop() ?? "";
    if (this.#rest.length > LONGEST) throw new RangeError("a message of the event stream is too long");
    return blocks.map(message).filter((found) => found.data !== "");
  }
}

function message(block: string): Message {
  const found = { event: "message", data: "" };
  for (const line of block.split("\n")) {
    const [, field, value = ""] = /^(\w+): ?(.*)$/.exec(line) ?? [];
    if (field === "event") found.event = value;
    if (field === "data") found.data += value;
  }
  return found;
}
