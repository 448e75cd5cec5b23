import { expect, test } from "vitest";
import type { EntryOut } from "../../api/schema";
import { EVERYTHING, joined, PAGE, query } from "./search";

const entry = (at: string, target: string): EntryOut => ({
  at,
  actor: "user:wang",
  what: "call-read",
  target,
  detail: "",
  address: "127.0.0.1",
  status: 200,
});

test("what is asked for", () => {
  expect(query(EVERYTHING)).toEqual({ limit: PAGE });
  const since = "2026-03-03T10:00";
  expect(query({ actor: " wang ", what: "call-read", since, until: since })).toEqual({
    limit: PAGE,
    actor: "user:wang",
    what: "call-read",
    since: new Date(since).toISOString(),
    until: new Date(Date.parse(since) + 59_999).toISOString(),
  });
  expect(
    query({ ...EVERYTHING, actor: "token:hall", until: since }, entry("2026-03-03T01:00:00.125+00:00", "/a")),
  ).toEqual({ limit: PAGE, actor: "token:hall", until: "2026-03-03T01:00:00.125+00:00" });
});

test("the next answer goes on where the last one ended, and tells nothing twice", () => {
  const [new_, one, other, old] = [entry("3", "/new"), entry("2", "/one"), entry("2", "/other"), entry("1", "/old")];
  expect(joined([], [new_, one])).toEqual([new_, one]);
  expect(joined([new_, one], [one, other, old])).toEqual([new_, one, other, old]);
  expect(joined([new_, one], [one, one, old])).toEqual([new_, one, one, old]);
  expect(joined([new_, one, one], [one, one, old])).toEqual([new_, one, one, old]);
});
