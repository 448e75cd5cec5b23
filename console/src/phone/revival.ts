/** A call goes on when its page is loaded anew. For Asterisk nothing has ended: it gets a re-INVITE in the old dialog, with
 *  the new page's addresses and keys, and the talk stays as it was.
 *
 *  The tab's own storage keeps what makes up the dialog. JsSIP cannot take up a dialog by itself, so this reaches into it.
 */

import Dialog from "jssip/lib/Dialog";
import Parser from "jssip/lib/Parser";
import type { RTCSession } from "jssip/lib/RTCSession";
import * as inside from "jssip/lib/RTCSession";
import type { IncomingRequest } from "jssip/lib/SIPMessage";
import type { UA } from "jssip/lib/UA";

const KEY = "wutong.call";
const CONFIRMED = 9;

/** What JsSIP's types leave out of a request. */
export type Invite = IncomingRequest & {
  readonly data: string;
  readonly call_id: string;
  from_tag: string;
  to_tag: string;
};

export interface Kept {
  /** The INVITE, as it came. */
  readonly invite: string;
  /** Our tag of the dialog. */
  readonly tag: string;
  readonly muted: boolean;
  readonly held: boolean;
}

export function keep(kept: Kept | null): void {
  if (kept === null) sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, JSON.stringify(kept));
}

export function kept(): Kept | null {
  const found = sessionStorage.getItem(KEY);
  return found === null ? null : (JSON.parse(found) as Kept);
}

/** What JsSIP has in a session, as far as this needs it. */
interface Inside {
  _direction: "incoming";
  _status: number;
  _is_confirmed: boolean;
  _id: string;
  _from_tag: string;
  _request: Invite;
  _contact: string;
  _local_identity: unknown;
  _remote_identity: unknown;
  _dialog: unknown;
  _localMediaStream: MediaStream;
  _createRTCConnection(config: RTCConfiguration, constraints: null): void;
}

const Session = (inside as unknown as { default: new (ua: UA) => RTCSession }).default;

/** The session of that call, with a connection of its own that nobody has offered yet: `renegotiate` does. */
export function revive(
  ua: UA,
  { invite, tag }: Kept,
  microphone: MediaStream,
  made: (call: RTCSession, invite: Invite) => void,
): void {
  const request = Parser.parseMessage(invite, ua) as Invite;
  request.to_tag = tag;
  const session = new Session(ua);
  const within = session as unknown as Inside;
  within._direction = "incoming";
  within._status = CONFIRMED;
  within._is_confirmed = true;
  within._id = request.call_id + request.from_tag;
  within._from_tag = request.from_tag;
  within._request = request;
  within._contact = ua.contact.toString();
  within._local_identity = request.to;
  within._remote_identity = request.from;
  const dialog = new Dialog(session, request, "UAS");
  dialog.local_seqnum = Math.floor(Date.now() / 1_000); // higher than that of the page before
  within._dialog = dialog;
  made(session, request);
  within._createRTCConnection({ iceServers: [] }, null);
  within._localMediaStream = microphone;
  for (const track of microphone.getTracks()) session.connection.addTrack(track, microphone);
}
