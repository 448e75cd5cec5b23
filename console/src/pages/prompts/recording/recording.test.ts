import { expect, test } from "vitest";
import { faultOf, mixed } from "./take";
import { wavOf } from "./wav";

test("a .wav of the samples", async () => {
  const made = new DataView(await wavOf(Float32Array.of(0, 0.5, -1, 2), 24_000).arrayBuffer());
  const letters = (at: number) => String.fromCharCode(...new Uint8Array(made.buffer, at, 4));
  expect([letters(0), letters(8), letters(12), letters(36)]).toEqual(["RIFF", "WAVE", "fmt ", "data"]);
  expect([made.getUint32(4, true), made.getUint32(40, true)]).toEqual([44, 8]);
  expect([made.getUint16(22, true), made.getUint32(24, true), made.getUint16(34, true)]).toEqual([1, 24_000, 16]);
  expect([0, 1, 2, 3].map((place) => made.getInt16(44 + 2 * place, true))).toEqual([0, 16_384, -32_767, 32_767]);
});

test("channels become one", () => {
  expect([...mixed([Float32Array.of(1, 0), Float32Array.of(0, -1)])]).toEqual([0.5, -0.5]);
  expect([...mixed([Float32Array.of(0.25)])]).toEqual([0.25]);
  expect(mixed([])).toHaveLength(0);
});

test.each([
  [[0.001, -0.001], 1, "silent"],
  [[0.01, 0.02], 1, "quiet"],
  [[0.3, -0.9], 1, null],
  [[1, -1, 0.5], 1, "clipped"],
  [[0.3], 121, "too-long"],
])("%j over %d s: %s", (samples, seconds, fault) => {
  expect(faultOf(Float32Array.from(samples), seconds)).toBe(fault);
});

test("a single peak at the end of the scale is no clipping", () => {
  const samples = new Float32Array(24_000).fill(0.2);
  samples[7] = 1;
  expect(faultOf(samples, 1)).toBeNull();
});
