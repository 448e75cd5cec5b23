import { expect, test } from "vitest";
import { behind, changed, settled, written } from "./draft";

const inUse = { files: { "hotline.yaml": "a: 1\n", "agents.yaml": "agents: []\n" }, version: 4, etag: '"4-aa"' };

test("a draft begins with the first change, and ends where everything is as in use", () => {
  const draft = written(null, inUse, "hotline.yaml", "a: 2\n");
  expect(draft).toEqual({ ...inUse, files: { ...inUse.files, "hotline.yaml": "a: 2\n" } });
  expect(written(draft, inUse, "hotline.yaml", "a: 1\n")).toBeNull();
  expect(written(null, inUse, "tests.yaml", "")).toBeNull();
});

test("a draft keeps the version from which it began", () => {
  const newer = { ...inUse, version: 5, etag: '"5-bb"' };
  const draft = written(written(null, inUse, "hotline.yaml", "a: 2\n"), newer, "agents.yaml", "agents: [1]\n");
  expect([draft?.version, behind(draft, newer), behind(draft, inUse), behind(null, newer)]).toEqual([
    4,
    true,
    false,
    false,
  ]);
});

test("what somebody else has published is no draft any more", () => {
  const draft = written(null, inUse, "hotline.yaml", "a: 2\n");
  const same = { files: { ...inUse.files, "hotline.yaml": "a: 2\n" }, version: 5, etag: '"5-bb"' };
  expect(settled(draft, same)).toBeNull();
  expect(changed(inUse.files, same.files)).toEqual(["hotline.yaml"]);
});
