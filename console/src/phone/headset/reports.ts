/** Where a headset has its buttons and lamps, by its own description, and what a report of it says. Pure.
 *
 *  Usages (page << 16 | usage) as in USB's "HID Usage Tables": page 0x0B is telephony, page 0x08 are lamps.
 */

import type { Collection, Report, ReportItem } from "./hid";

export const TELEPHONY = 0x0b;

export type Button = "hook" | "mute" | "drop";
export type Lamp = "off-hook" | "ring" | "mute" | "hold";

const BUTTONS: ReadonlyMap<number, Button> = new Map([
  [0x0b0020, "hook"],
  [0x0b002f, "mute"],
  [0x0b0026, "drop"],
]);

const LAMPS: ReadonlyMap<number, Lamp> = new Map([
  [0x080017, "off-hook"],
  [0x080018, "ring"],
  [0x0b009e, "ring"],
  [0x080009, "mute"],
  [0x080020, "hold"],
]);

/** What a report says of one button. `absolute`: `on` is where the switch stands; else `on` is a press. */
export interface Reported {
  readonly button: Button;
  readonly on: boolean;
  readonly absolute: boolean;
}

interface Input {
  readonly report: number;
  readonly button: Button;
  readonly absolute: boolean;
  readonly on: (data: DataView) => boolean;
}

interface Output {
  readonly report: number;
  /** Bytes of the report. */
  readonly length: number;
  readonly lamps: readonly { readonly lamp: Lamp; readonly bit: number }[];
}

export interface Layout {
  readonly inputs: readonly Input[];
  readonly outputs: readonly Output[];
}

/** null: it has no button of a telephone. */
export function layout(collections: readonly Collection[]): Layout | null {
  const all = collections.filter(({ usagePage }) => usagePage === TELEPHONY).flatMap(whole);
  const inputs = all.flatMap(({ inputReports }) => inputReports ?? []).flatMap(inputsOf);
  const outputs = all.flatMap(({ outputReports }) => outputReports ?? []).map(outputOf);
  return inputs.length === 0 ? null : { inputs, outputs: outputs.filter(({ lamps }) => lamps.length > 0) };
}

export function reported({ inputs }: Layout, report: number, data: DataView): Reported[] {
  return inputs
    .filter((input) => input.report === report)
    .map(({ button, absolute, on }) => ({ button, absolute, on: on(data) }));
}

/** The reports that light these lamps and no others. */
export function lit(
  { outputs }: Layout,
  lamps: ReadonlySet<Lamp>,
): { report: number; data: Uint8Array<ArrayBuffer> }[] {
  return outputs.map(({ report, length, lamps: there }) => {
    const data = new Uint8Array(length);
    for (const { lamp, bit } of there) {
      if (lamps.has(lamp)) data[bit >> 3] = (data[bit >> 3] ?? 0) | (1 << (bit & 7));
    }
    return { report, data };
  });
}

function whole(collection: Collection): Collection[] {
  return [collection, ...(collection.children ?? []).flatMap(whole)];
}

/** Each value of a report: the item that describes it, its place among the item's values, its first bit. */
function values({ items = [] }: Report): { item: ReportItem; index: number; bit: number }[] {
  const found: { item: ReportItem; index: number; bit: number }[] = [];
  let bit = 0;
  for (const item of items) {
    for (let index = 0; index < (item.reportCount ?? 0); index++) {
      found.push({ item, index, bit });
      bit += item.reportSize ?? 0;
    }
  }
  return found;
}

function inputsOf(report: Report): Input[] {
  const { reportId = 0 } = report;
  const all = values(report).filter(({ item }) => item.isConstant !== true);
  const single = all.filter(({ item }) => item.isArray !== true);
  const inputs = single.flatMap(({ item, index, bit }): Input[] => {
    const button = BUTTONS.get(usage(item, index));
    const on = (data: DataView) => number(data, bit, item.reportSize ?? 0) !== 0;
    return button === undefined ? [] : [{ report: reportId, button, absolute: item.isAbsolute === true, on }];
  });
  return [...inputs, ...chosenFrom(reportId, all)];
}

/** An array holds the numbers of those buttons that are pressed. */
function chosenFrom(report: number, all: readonly { item: ReportItem; bit: number }[]): Input[] {
  const arrays = all.filter(({ item }) => item.isArray === true);
  return [...BUTTONS].flatMap(([wanted, button]): Input[] => {
    const mine = arrays.filter(({ item }) => order(item, wanted) !== null);
    const on = (data: DataView) =>
      mine.some(({ item, bit }) => number(data, bit, item.reportSize ?? 0) === order(item, wanted));
    return mine.length === 0 ? [] : [{ report, button, absolute: false, on }];
  });
}

function outputOf(report: Report): Output {
  const all = values(report);
  const bits = all.reduce((sum, { item }) => sum + (item.reportSize ?? 0), 0);
  const lamps = all.flatMap(({ item, index, bit }) => {
    const lamp = item.isConstant === true || item.isArray === true ? undefined : LAMPS.get(usage(item, index));
    return lamp === undefined ? [] : [{ lamp, bit }];
  });
  return { report: report.reportId ?? 0, length: Math.ceil(bits / 8), lamps };
}

/** The usage of one value. The last one that an item names stands for all that follow. */
function usage({ isRange, usages = [], usageMinimum = 0, usageMaximum = 0 }: ReportItem, index: number): number {
  if (isRange === true) return Math.min(usageMinimum + index, usageMaximum);
  return usages[Math.min(index, usages.length - 1)] ?? 0;
}

/** The number that stands for a usage in an array; null: the array has it not. */
function order(item: ReportItem, wanted: number): number | null {
  const { isRange, usages = [], usageMinimum = 0, usageMaximum = -1, logicalMinimum = 0 } = item;
  const inRange = wanted >= usageMinimum && wanted <= usageMaximum;
  const place = isRange === true ? (inRange ? wanted - usageMinimum : -1) : usages.indexOf(wanted);
  return place < 0 ? null : logicalMinimum + place;
}

/** Bits of a report as a number, the lowest first. What the report does not have is 0. */
function number(data: DataView, first: number, size: number): number {
  let value = 0;
  for (let at = 0; at < Math.min(size, 31); at++) {
    const bit = first + at;
    const byte = bit >> 3 < data.byteLength ? data.getUint8(bit >> 3) : 0;
    value |= ((byte >> (bit & 7)) & 1) << at;
  }
  return value;
}
