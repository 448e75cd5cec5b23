import { expect, test } from "vitest";
import { initials, spellings } from "./pinyin";

test.each([
  ["绿化一席", "lhyx"],
  ["市政道路", "szdl"],
  ["阿佐", "az"],
  ["王晓芳", "wxf"],
  ["欧阳娜娜", "oynn"],
  ["Li 2 号", "li 2 h"],
  ["", ""],
])("%s: %s", (words, letters) => {
  expect(initials(words)).toBe(letters);
});

test("a surname is found as it is read", () => {
  expect([initials("曾建军", true), initials("单芳", true), initials("李曾", true)]).toEqual(["zjj", "sf", "lc"]);
  expect(spellings("曾建军")).toBe("曾建军 cjj zjj");
});
