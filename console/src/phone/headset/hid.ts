/** What of WebHID is used here, as https://wicg.github.io/webhid/ has it. TypeScript does not know it. */

export interface ReportItem {
  readonly isAbsolute?: boolean;
  readonly isArray?: boolean;
  readonly isConstant?: boolean;
  readonly isRange?: boolean;
  readonly usages?: readonly number[];
  readonly usageMinimum?: number;
  readonly usageMaximum?: number;
  /** Bits of one value, and how many values follow each other. */
  readonly reportSize?: number;
  readonly reportCount?: number;
  readonly logicalMinimum?: number;
}

export interface Report {
  readonly reportId?: number;
  readonly items?: readonly ReportItem[];
}

export interface Collection {
  readonly usagePage?: number;
  readonly children?: readonly Collection[];
  readonly inputReports?: readonly Report[];
  readonly outputReports?: readonly Report[];
}

export interface InputReport extends Event {
  readonly reportId: number;
  readonly data: DataView;
}

export interface HidDevice {
  readonly productName: string;
  readonly opened: boolean;
  readonly collections: readonly Collection[];
  oninputreport: ((report: InputReport) => void) | null;
  open(): Promise<void>;
  close(): Promise<void>;
  sendReport(id: number, data: Uint8Array): Promise<void>;
}

export interface Hid extends EventTarget {
  getDevices(): Promise<HidDevice[]>;
  requestDevice(options: { filters: { usagePage: number }[] }): Promise<HidDevice[]>;
}
