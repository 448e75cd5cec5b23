/** Which microphone and loudspeakers there are, and which of them the agent has chosen. Pure. */

export interface Device {
  readonly id: string;
  readonly label: string;
}

/** null: whichever the system uses. */
export type Choice = Device | null;

export interface Devices {
  readonly microphones: readonly Device[];
  readonly speakers: readonly Device[];
}

export const NONE: Devices = { microphones: [], speakers: [] };

type Listed = Pick<MediaDeviceInfo, "kind" | "deviceId" | "label">;

/** Names for whichever device the system uses, and devices that the browser does not name yet: the microphone has to be
 *  allowed first.
 */
const NO_DEVICE: readonly string[] = ["", "default", "communications"];

export function sorted(listed: readonly Listed[]): Devices {
  const of = (kind: MediaDeviceKind): Device[] =>
    listed
      .filter((one) => one.kind === kind && !NO_DEVICE.includes(one.deviceId))
      .map(({ deviceId, label }) => ({ id: deviceId, label }));
  return { microphones: of("audioinput"), speakers: of("audiooutput") };
}

/** The chosen device among those that are there. Another socket may give it another id: then its label shows which. */
export function found(choice: Choice, devices: readonly Device[]): Device | null {
  if (choice === null) return null;
  const named = devices.filter(({ label }) => label === choice.label);
  return devices.find(({ id }) => id === choice.id) ?? (named.length === 1 ? (named[0] ?? null) : null);
}

/** A chosen device that is not there. Where the browser lists none at all, nobody knows. */
export function gone(choice: Choice, devices: readonly Device[]): boolean {
  return choice !== null && devices.length > 0 && found(choice, devices) === null;
}

export function isChoice(value: unknown): value is Choice {
  if (value === null) return true;
  if (typeof value !== "object") return false;
  const { id, label } = value as Record<string, unknown>;
  return typeof id === "string" && typeof label === "string";
}
