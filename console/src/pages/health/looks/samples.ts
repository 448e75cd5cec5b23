/** The page of /metrics, read: Prometheus' text format, as far as the service writes it. Pure. */

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export type Samples = ReadonlyMap<string, readonly Sample[]>;

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** Comments and lines that are no sample are left out. */
export function parse(page: string): Samples {
  const samples = new Map<string, Sample[]>();
  for (const line of page.split("\n")) {
    const [, name, labels = "", written] = LINE.exec(line) ?? [];
    if (name === undefined || written === undefined) continue;
    const read = Object.fromEntries([...labels.matchAll(LABEL)].map(([, label, value]) => [label, value]));
    const found = samples.get(name) ?? [];
    found.push({ labels: read, value: Number(written.replace("Inf", "Infinity")) });
    samples.set(name, found);
  }
  return samples;
}

/** The sum of all samples of that name that `fits` admits; null: there is none of that name. */
export function sum(
  samples: Samples,
  name: string,
  fits: (labels: Sample["labels"]) => boolean = () => true,
): number | null {
  const found = samples.get(name);
  if (found === undefined) return null;
  return found.filter(({ labels }) => fits(labels)).reduce((total, { value }) => total + value, 0);
}

/** The largest; null: there is none of that name. */
export function most(samples: Samples, name: string): number | null {
  const found = samples.get(name);
  return found === undefined ? null : found.reduce((largest, { value }) => Math.max(largest, value), 0);
}
