/** The headset's own buttons and lamps, by WebHID: tells the phone what was pressed, and the headset what there is to light. */

import { store } from "../../frame/store";
import { phone, tell } from "../phone";
import type { Hid, HidDevice } from "./hid";
import { FRESH, lamps, step } from "./machine";
import { type Lamp, type Layout, layout, lit, reported, TELEPHONY } from "./reports";

/** The product's name; null: no headset's buttons are followed. */
export const headset = store<string | null>(null);

interface Open {
  readonly device: HidDevice;
  readonly layout: Layout;
}

let open: Open | null = null;
let buttons = FRESH;
/** The lamps as the headset has them. */
let shown = "";
/** Whether the headset that was chosen before has been looked for, since this page is the phone. */
let looked = false;
/** One report after the other. */
let sending: Promise<void> = Promise.resolve();

/** Chromium has it, behind https. */
function hid(): Hid | null {
  return (navigator as { hid?: Hid }).hid ?? null;
}

export const pairable = (): boolean => hid() !== null;

/** Let the agent choose a headset whose buttons this page may follow. The browser keeps that. After a click only. */
export async function pair(): Promise<void> {
  const chosen = (await hid()?.requestDevice({ filters: [{ usagePage: TELEPHONY }] })) ?? [];
  if (chosen.length === 0) return; // the agent has cancelled
  letGo();
  await take(chosen);
}

/** Follow the headset that was chosen before, while the phone is here. Answers how to stop. */
export function followHeadset(): () => void {
  const all = hid();
  if (all === null) return () => {};
  const came = () => {
    looked = false;
    show();
  };
  const went = (event: Event) => {
    if ((event as Event & { device?: HidDevice }).device === open?.device) forget();
  };
  all.addEventListener("connect", came);
  all.addEventListener("disconnect", went);
  const stop = phone.follow(show);
  came();
  return () => {
    all.removeEventListener("connect", came);
    all.removeEventListener("disconnect", went);
    stop();
    letGo();
  };
}

function show(): void {
  const { chosen, link } = phone.get();
  if (!chosen || link === "elsewhere") {
    looked = false;
    letGo(); // a headset obeys one page
  } else if (open !== null) {
    light(open, lamps(phone.get()));
  } else if (!looked) {
    looked = true;
    void hid()?.getDevices().then(take);
  }
}

/** The first of them that has a telephone's buttons. */
async function take(devices: readonly HidDevice[]): Promise<void> {
  for (const device of devices) {
    const found = layout(device.collections);
    if (found === null || open !== null) continue;
    try {
      if (!device.opened) await device.open();
    } catch {
      continue; // another program has it
    }
    open = { device, layout: found };
    buttons = FRESH;
    shown = "";
    device.oninputreport = ({ reportId, data }) => hears(found, reportId, data);
    headset.set(device.productName);
  }
  show();
}

function hears(found: Layout, report: number, data: DataView): void {
  for (const one of reported(found, report, data)) {
    const [next, wish] = step(buttons, one, phone.get(), performance.now());
    buttons = next;
    if (wish !== null) tell(wish);
  }
}

function light({ device, layout }: Open, lights: ReadonlySet<Lamp>): void {
  const now = [...lights].join();
  if (now === shown) return;
  shown = now;
  for (const { report, data } of lit(layout, lights)) {
    sending = sending.then(() => device.sendReport(report, data)).catch(() => {}); // it was unplugged
  }
}

function letGo(): void {
  if (open === null) return;
  light(open, new Set());
  const { device } = open;
  sending = sending.then(() => device.close()).catch(() => {});
  forget();
}

function forget(): void {
  if (open !== null) open.device.oninputreport = null;
  open = null;
  headset.set(null);
}
