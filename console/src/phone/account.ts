/** With what the phone registers, and where. */

import JsSIP from "jssip";

/** Seconds after which the registration is renewed at the latest: then a browser that was replaced learns of it. */
const EXPIRES = 60;
/** The most seconds between two attempts to connect again: a talk may wait for it. */
const CONNECT_AGAIN = 1;

export interface Account {
  user: string;
  password: string;
  /** The port of Asterisk's WebSocket; null: the page's own, where a reverse proxy has it. */
  port: number | null;
}

export function websocket(port: number | null): string {
  const { protocol, hostname, host } = location;
  return `${protocol === "https:" ? "wss" : "ws"}://${port === null ? host : `${hostname}:${port}`}/ws`;
}

export function userAgent({ user, password }: Account, socket: InstanceType<typeof JsSIP.WebSocketInterface>) {
  return new JsSIP.UA({
    sockets: [socket],
    uri: `sip:${user}@${location.hostname}`,
    password,
    register_expires: EXPIRES,
    session_timers: false,
    connection_recovery_min_interval: 1,
    connection_recovery_max_interval: CONNECT_AGAIN,
  });
}
