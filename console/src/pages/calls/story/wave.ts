/** The wave form of a recording. Pure. */

/** The loudest sample of each of so many parts, 0 to 1: what a wave form shows. */
export function peaks(samples: Float32Array, parts: number): number[] {
  const found = new Array<number>(parts).fill(0);
  for (let at = 0; at < samples.length; at++) {
    const part = Math.floor((at * parts) / samples.length);
    found[part] = Math.max(found[part] ?? 0, Math.min(1, Math.abs(samples[at] ?? 0)));
  }
  return found;
}
