/** The element in which the other side of a call is heard. */

export class Ear {
  readonly element = new Audio();

  constructor() {
    this.element.autoplay = true;
  }

  /** What comes by this connection is heard as soon as it comes. */
  follow(connection: RTCPeerConnection): void {
    connection.addEventListener("track", ({ streams: [stream] }) => {
      if (stream === undefined) return;
      this.element.srcObject = stream;
      void this.element.play().catch(() => {}); // `autoplay` tries again
    });
  }
}
