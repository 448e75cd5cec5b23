/** Parts of JsSIP that it has no types for. */

declare module "jssip/lib/Dialog" {
  import type { RTCSession } from "jssip/lib/RTCSession";
  import type { IncomingRequest } from "jssip/lib/SIPMessage";

  export default class Dialog {
    constructor(owner: RTCSession, message: IncomingRequest, type: "UAS" | "UAC");
    local_seqnum: number;
  }
}

declare module "jssip/lib/Parser" {
  import type { IncomingRequest } from "jssip/lib/SIPMessage";
  import type { UA } from "jssip/lib/UA";

  const Parser: { parseMessage(data: string, ua: UA): IncomingRequest };
  export default Parser;
}
