import { expect, test } from "vitest";
import type { PromptOut } from "../../api/schema";
import { ALL, find, placeOf } from "./filter";

const prompt = (id: string, language: string, speaker: string, text: string, ...where: string[]) =>
  ({ id, key: id, language, speaker, text, seconds: 1, where, recording: null, pending: false }) as PromptOut;

const prompts = [
  prompt("a", "zh", "voice", "绿化请按1", "menus.main.say"),
  prompt("b", "en", "draft", "Goodbye.", "goodbye", "phrase goodbye"),
  prompt("c", "zh", "recording", "二", "number"),
];

test("prompts are found", () => {
  const ids = (filter: Partial<typeof ALL>) => find(prompts, { ...ALL, ...filter }).map(({ id }) => id);
  expect(ids({})).toEqual(["a", "b"]);
  expect(ids({ own: true })).toEqual(["a", "b", "c"]);
  expect([ids({ language: "zh" }), ids({ speaker: "draft" })]).toEqual([["a"], ["b"]]);
  expect([ids({ words: " GOOD" }), ids({ words: "menus.main" })]).toEqual([["b"], ["a"]]);
});

test("places", () => {
  expect(["number", "phrase wait", "goodbye"].map(placeOf)).toEqual([
    { kind: "number" },
    { kind: "phrase" },
    { kind: "hotline", place: "goodbye" },
  ]);
});
