/** The hotline's time zone: people see times as callers and agents live them, wherever the browser is. */

let zone: string | undefined;

const shownIn = (timeZone: string | undefined) =>
  new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "medium", timeZone });

/** Kept: to make one takes longer than to use it a hundred times. */
let shown = shownIn(zone);

/** `name`: as the service has it, such as `Asia/Shanghai`. One that this browser does not know leaves its own. */
export function setZone(name: string): void {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    zone = name;
  } catch {
    zone = undefined;
  }
  shown = shownIn(zone);
}

/** For `Intl`; undefined: the browser's own, until somebody has signed in. */
export function hotlineZone(): string | undefined {
  return zone;
}

/** Day and time on the hotline's clock: `2026-03-03 14:03:12`, in the order of which it can be sorted. */
export function clock(at: number): string {
  return shown.format(at);
}

/** Milliseconds since the epoch of what a field for day and time has (`2026-03-03T14:03`), on the hotline's clock; NaN: it
 *  is no time. */
export function fromField(field: string): number {
  const plain = Date.parse(`${field}Z`);
  if (Number.isNaN(plain)) return plain;
  const near = plain - ahead(plain);
  return plain - ahead(near); // where the clock is changed in between, the second look is right
}

/** Milliseconds by which the hotline's clock is ahead of UTC. */
function ahead(at: number): number {
  const second = Math.floor(at / 1_000) * 1_000;
  return Date.parse(`${clock(second).replace(" ", "T")}Z`) - second;
}
