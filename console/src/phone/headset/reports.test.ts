import { expect, test } from "vitest";
import type { Collection, ReportItem } from "./hid";
import { type Lamp, layout, lit, reported } from "./reports";

const bit = (usage: number, more: Partial<ReportItem> = {}): ReportItem => ({
  usages: [usage],
  reportSize: 1,
  reportCount: 1,
  isAbsolute: true,
  ...more,
});
const gap = (bits: number): ReportItem => ({ isConstant: true, reportSize: bits, reportCount: 1 });

/** Hook and mute beside each other, lamps in another report: as most headsets have it. */
const USUAL: Collection[] = [
  { usagePage: 0x0c, inputReports: [{ reportId: 1, items: [bit(0x0c00e9)] }] },
  {
    usagePage: 0x0b,
    inputReports: [
      {
        reportId: 2,
        items: [bit(0x0b0020), bit(0x0b0097), gap(1), bit(0x0b002f, { isAbsolute: false }), gap(4)],
      },
    ],
    outputReports: [
      { reportId: 2, items: [{ ...bit(0), usages: [0x080017, 0x080009, 0x080018], reportCount: 3 }, gap(5)] },
      { reportId: 3, items: [gap(9), bit(0x0b009e), gap(6)] },
    ],
  },
];

const view = (...bytes: number[]) => new DataView(new Uint8Array(bytes).buffer);

/** What the headset said. Throws where the description has no telephone. */
function said(collections: Collection[], report: number, ...bytes: number[]) {
  const found = layout(collections);
  if (found === null) throw new Error("no telephone");
  return reported(found, report, view(...bytes)).map(({ button, on, absolute }) => [button, on, absolute]);
}

function lights(collections: Collection[], ...lamps: Lamp[]) {
  const found = layout(collections);
  return found && lit(found, new Set(lamps)).map(({ report, data }) => [report, ...data]);
}

test("buttons are found by the headset's own description", () => {
  expect(said(USUAL, 2, 0b1001)).toEqual([
    ["hook", true, true],
    ["mute", true, false],
  ]);
  expect(said(USUAL, 2, 0b0110)).toEqual([
    ["hook", false, true],
    ["mute", false, false],
  ]);
  expect(said(USUAL, 1, 0xff)).toEqual([]);
});

test("a report that is shorter than described says no", () => {
  expect(said(USUAL, 2)).toEqual([
    ["hook", false, true],
    ["mute", false, false],
  ]);
});

test("lamps that it has are lit, each in its report", () => {
  expect(lights(USUAL)).toEqual([
    [2, 0],
    [3, 0, 0],
  ]);
  expect(lights(USUAL, "off-hook", "mute", "hold")).toEqual([
    [2, 0b011],
    [3, 0, 0],
  ]);
  expect(lights(USUAL, "ring")).toEqual([
    [2, 0b100],
    [3, 0, 0b10],
  ]);
});

test("ranges, values that share a usage, nested collections and a report without a number", () => {
  const range = { isRange: true, usageMinimum: 0x0b0020, usageMaximum: 0x0b002f, reportSize: 1, reportCount: 16 };
  expect(said([{ usagePage: 0x0b, children: [{ inputReports: [{ items: [range] }] }] }], 0, 0b01000001, 0x80)).toEqual([
    ["hook", true, false],
    ["drop", true, false],
    ["mute", true, false],
  ]);
});

test("an array holds the numbers of the buttons that are pressed", () => {
  const array = { isArray: true, usages: [0x0b0020, 0x0b002f], logicalMinimum: 1, reportSize: 8, reportCount: 2 };
  const headset = [{ usagePage: 0x0b, inputReports: [{ reportId: 5, items: [array] }] }];
  expect(said(headset, 5, 0, 2)).toEqual([
    ["hook", false, false],
    ["mute", true, false],
  ]);
  expect(said(headset, 5, 2, 1)).toEqual([
    ["hook", true, false],
    ["mute", true, false],
  ]);
});

test("a keyboard is no telephone", () => {
  expect(layout([{ usagePage: 0x01, inputReports: [{ items: [bit(0x0b0020)] }] }])).toBeNull();
  expect(layout([{ usagePage: 0x0b, inputReports: [{ items: [bit(0x0b0031)] }] }])).toBeNull();
});
