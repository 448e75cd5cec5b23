import { expect, test } from "vitest";
import type { NamesOut } from "../../../api/schema";
import { LANGUAGES, say } from "../../../texts/texts";
import type { Known } from "../known";
import { KINDS, sentence } from "./words";

const NAMES = {
  queues: { water: { zh: "供水", en: "Water" } },
  departments: { gas: { zh: "燃气", en: "Gas" } },
  menus: { main: { zh: "总菜单", en: "Main menu" } },
} as unknown as NamesOut;
const KNOWN: Known = { names: NAMES, agents: new Map([["1001", "王芳"]]) };

const english = (kind: string, told: Record<string, unknown> = {}) =>
  sentence({ at: 0, kind, told }, KNOWN, { language: "en", say: (text, values) => say(text, "en", values) });

test.each([
  ["call-started", { caller: "138", number: "12319" }, "138 called 12319."],
  ["menu-entered", { menu: "main" }, "Menu: Main menu."],
  ["key-pressed", { key: "2" }, "Pressed 2."],
  ["key-pressed", { key: "", input: "order" }, "Entered a digit."],
  ["queued", { queue: "water", position: 3 }, "Waits for Water, at place 3."],
  ["offered", { agent: "1001" }, "Rings at agent 1001 王芳."],
  ["offer-failed", { agent: "1001", reason: "declined" }, "Agent 1001 王芳 declined."],
  ["connected", { agent: "1001", waited_s: 42 }, "Talks with agent 1001 王芳, after waiting 0:42."],
  ["transferred", { agent: "1001", to: { queue: "water" }, how: "blind" }, "Agent 1001 王芳 sent the caller to Water."],
  [
    "transferred",
    { agent: "1001", to: { queue: "water" }, how: "blind", reason: "a broken {pipe}" },
    "Agent 1001 王芳 sent the caller to Water. Why: a broken {pipe}",
  ],
  [
    "consult-asked",
    { agent: "1001", to: { sub_hotline: "gas" }, reason: "smell" },
    "Agent 1001 王芳 consults: Gas. Why: smell",
  ],
  ["consult-asked", { agent: "1001", to: { sub_hotline: "gas" }, reason: null }, "Agent 1001 王芳 consults: Gas."],
  ["sub-hotline-failed", { sub_hotline: "gas" }, "Nobody answered: Gas."],
  ["moved", { to: { front: true }, actor: "user:wang" }, "wang moved the caller: the front of the queue."],
  ["note", { agent: "1001", note: "a tree" }, "Agent 1001 王芳 noted: a tree"],
  ["note", { agent: "1001", note: null }, "Agent 1001 王芳 wrote a note."],
  ["call-finished", { by: "caller" }, "The call ended: the caller hung up."],
  ["of-a-later-version", {}, "of-a-later-version"],
])("%s", (kind, told, words) => {
  expect(english(kind, told)).toBe(words);
});

test("no sentence of any kind has a brace left, however little is told", () => {
  for (const language of LANGUAGES) {
    for (const kind of KINDS) {
      const words = sentence({ at: 0, kind, told: {} }, KNOWN, {
        language,
        say: (text, values) => say(text, language, values),
      });
      expect(words, kind).not.toMatch(/[{}]|undefined/);
      expect(words.trim(), kind).not.toBe("");
    }
  }
});
