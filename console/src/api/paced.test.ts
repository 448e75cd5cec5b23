import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { paced } from "./paced";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test("at once, then once for all that was asked in the pause", async () => {
  let done = 0;
  const { ask } = paced(async () => {
    done += 1;
  }, 1_000);
  ask();
  ask();
  ask();
  expect(done).toBe(1);
  await vi.advanceTimersByTimeAsync(999);
  expect(done).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(done).toBe(2);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(done).toBe(2);
  ask();
  expect(done).toBe(3);
});

test("never twice at a time, and not after the end", async () => {
  let begun = 0;
  let finish = () => {};
  const slow = paced(() => {
    begun += 1;
    return new Promise<void>((done) => {
      finish = done;
    });
  }, 1_000);
  slow.ask();
  slow.ask();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(begun).toBe(1);
  finish();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(begun).toBe(2);
  slow.ask();
  finish();
  slow.stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(begun).toBe(2);
});
