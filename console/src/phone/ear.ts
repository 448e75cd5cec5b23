/** One ear for two calls: the other one hears music, and says nothing. */

export class Ear {
  readonly element = new Audio();
  /** What the other side of each call says. */
  readonly #said = new Map<string, MediaStream>();

  constructor() {
    this.element.autoplay = true;
  }

  /** What comes by this connection is heard as soon as it comes. */
  follow(id: string, connection: RTCPeerConnection): void {
    connection.addEventListener("track", ({ streams: [stream] }) => {
      if (stream === undefined) return;
      this.#said.set(id, stream);
      this.hear(id);
    });
  }

  hear(id: string): void {
    const stream = this.#said.get(id);
    if (stream === undefined) return;
    this.element.srcObject = stream;
    void this.element.play().catch(() => {}); // `autoplay` tries again
  }

  forget(id: string): void {
    this.#said.delete(id);
  }
}
