import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Refused, Unreached } from "../../../api/client";
import { drafts } from "./drafts";
import { AGAIN, QUIET, type Saved, saver } from "./saver";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** `fail`: what the service answers from now on. */
function desk() {
  const kept = drafts(null);
  const sent: string[] = [];
  const said: Saved["kind"][] = [];
  const made = { kept, sent, said, fail: null as unknown };
  const send = async (call: string, text: string) => {
    if (made.fail !== null) throw made.fail;
    sent.push(`${call} ${text}`);
  };
  return { ...made, made, saver: saver(kept, send, (_, saved) => said.push(saved.kind)) };
}

test("a note is saved a moment after the last key, once", async () => {
  const { saver, sent, kept, said } = desk();
  saver.typed("c1", "T");
  await vi.advanceTimersByTimeAsync(QUIET - 1);
  saver.typed("c1", "Tree");
  await vi.advanceTimersByTimeAsync(QUIET - 1);
  expect([sent, kept.get("c1")]).toEqual([[], "Tree"]);
  await vi.advanceTimersByTimeAsync(1);
  expect([sent, kept.get("c1"), said]).toEqual([["c1 Tree"], null, ["saving", "saving", "saving", "saved"]]);
});

test("without a connection it is kept and tried again", async () => {
  const { saver, sent, kept, made, said } = desk();
  made.fail = new Unreached("away");
  saver.typed("c1", "Tree");
  await saver.now();
  expect([kept.get("c1"), said.at(-1)]).toEqual(["Tree", "unsaved"]);
  saver.typed("c2", "Water");
  made.fail = null;
  await vi.advanceTimersByTimeAsync(AGAIN);
  expect([sent, kept.calls()]).toEqual([["c1 Tree", "c2 Water"], []]);
});

test("what the service never takes is said, and not tried again", async () => {
  const { saver, kept, made, said } = desk();
  made.fail = new Refused(409, "too late", null);
  saver.typed("c1", "Tree");
  await saver.now();
  expect([kept.calls(), said.at(-1)]).toEqual([[], "refused"]);
});

test("what is typed while a note is on its way is saved too", async () => {
  const kept = drafts(null);
  const sent: string[] = [];
  const made = saver(
    kept,
    async (_, text) => {
      sent.push(text);
      if (sent.length === 1) made.typed("c1", "Tree, street");
    },
    () => {},
  );
  made.typed("c1", "Tree");
  await made.now();
  await vi.advanceTimersByTimeAsync(AGAIN);
  expect([sent, kept.calls()]).toEqual([["Tree", "Tree, street"], []]);
});

test("a reload finds what was not saved", () => {
  const stored = new Map([["wutong.note.c1", "Tree"]]);
  const storage = {
    ...Object.fromEntries(stored),
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: () => {
      throw new Error("full");
    },
    removeItem: (key: string) => void stored.delete(key),
  } as unknown as Storage;
  const kept = drafts(storage);
  expect([kept.get("c1"), kept.calls()]).toEqual(["Tree", ["c1"]]);
  kept.keep("c2", "Water");
  expect(kept.get("c2")).toBe("Water");
  kept.drop("c1");
  expect(stored.size).toBe(0);
});

test("what somebody has left is for the same person only", () => {
  const stored = new Map<string, string>();
  const storage = () =>
    ({
      ...Object.fromEntries(stored),
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => void stored.set(key, value),
      removeItem: (key: string) => void stored.delete(key),
    }) as unknown as Storage;
  const first = drafts(storage());
  expect(first.belongTo("zhao")).toBe(false);
  first.keep("c1", "Tree");
  expect(first.belongTo("zhao")).toBe(false);
  const again = drafts(storage()); // the page was loaded anew
  expect([again.belongTo("zhao"), again.get("c1")]).toEqual([false, "Tree"]);
  expect([again.belongTo("qian"), again.calls(), stored.has("wutong.note.c1")]).toEqual([true, [], false]);
  expect(drafts(storage()).belongTo("zhao")).toBe(true);
});
