import { expect, test } from "vitest";
import type { NamesOut } from "../../../api/schema";
import { LANGUAGES, say, type Text, type Values } from "../../../texts/texts";
import type { Known } from "../known";
import { KINDS, sentence } from "./words";
import CASES from "./words.cases.json";

const NAMES = {
  queues: { water: { zh: "供水", en: "Water" } },
  departments: { gas: { zh: "燃气", en: "Gas" } },
  menus: { main: { zh: "总菜单", en: "Main menu" } },
} as unknown as NamesOut;
const NOBODY: Known = { names: null, agents: new Map() };
const KNOWN: Known = { names: NAMES, agents: new Map([["1001", "王芳"]]) };

const english = (kind: string, data: Record<string, unknown> = {}) =>
  sentence({ at: 0, kind, data }, KNOWN, { language: "en", say: (text, values) => say(text, "en", values) });

test.each([
  ["menu-entered", { menu: "main" }, "Menu: Main menu."],
  ["connected", { agent: "1001", waited_s: 42 }, "Talks with agent 1001 王芳, after waiting 0:42."],
  ["transferred", { agent: "1001", to: { queue: "water" }, how: "blind" }, "Agent 1001 王芳 sent the caller to Water."],
  [
    "consult-asked",
    { agent: "1001", to: { sub_hotline: "gas" }, reason: "smell" },
    "Agent 1001 王芳 consults: Gas. Why: smell",
  ],
  ["sub-hotline-failed", { sub_hotline: "gas" }, "Not reached: Gas, no answer."],
  ["announced", { wait_s: 240 }, "Heard: about 4:00."],
  ["of-a-later-version", {}, "of-a-later-version"],
])("%s", (kind, data, words) => {
  expect(english(kind, data)).toBe(words);
});

test.each(CASES)("the terminal says the same: $en", ({ step, ...words }) => {
  for (const language of LANGUAGES) {
    const speaker = { language, say: (text: Text, values?: Values) => say(text, language, values) };
    expect(sentence({ at: 0, kind: step.kind, data: step }, NOBODY, speaker)).toBe(words[language]);
  }
});

test("no sentence of any kind has a brace left, however little a step has", () => {
  for (const language of LANGUAGES) {
    for (const kind of KINDS) {
      const words = sentence({ at: 0, kind, data: {} }, KNOWN, {
        language,
        say: (text, values) => say(text, language, values),
      });
      expect(words, kind).not.toMatch(/[{}]|undefined/);
      expect(words.trim(), kind).not.toBe("");
    }
  }
});
