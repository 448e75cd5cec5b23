/** With what the phone registers, and where. */

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
