import { expect, test } from "vitest";
import type { Take } from "../../prompts/recording/take";
import { BEFORE, type Filled, order, says, spoken } from "./message";

const filled: Filled = { where: "", texts: { zh: "燃气泄漏", en: "  " }, takes: {}, after: BEFORE, until: "2h" };

test("what is empty is left out", () => {
  expect(says(filled)).toBe(true);
  expect(says({ ...filled, texts: { zh: " " } })).toBe(false);
  expect(says({ ...filled, texts: {}, takes: { zh: {} as Take } })).toBe(true);
  expect(order(filled, {})).toEqual({
    mode: "before",
    after: "goodbye",
    texts: { zh: "燃气泄漏" },
    recordings: {},
    until: "2h",
    draft: false,
  });
});

test("the voice speaks what has words and no recording", () => {
  expect(spoken(filled)).toEqual(["zh"]);
  expect(spoken({ ...filled, takes: { zh: {} as Take } })).toEqual([]);
  expect(order(filled, {}, true)).toMatchObject({ draft: true });
});

test("one of a place names it", () => {
  expect(order({ ...filled, where: "queue:water" }, {})).toMatchObject({ where: "queue:water", mode: "before" });
});

test("what comes after a message means that it is instead of the menus", () => {
  const asked = order({ ...filled, after: "queue:general" }, { en: "take" });
  expect(asked).toMatchObject({ mode: "instead", after: "queue:general", recordings: { en: "take" } });
});
