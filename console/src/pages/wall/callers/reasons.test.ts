import { expect, test } from "vitest";
import type { WhyOut } from "../../../api/schema";
import type { Speaker } from "../../../texts/language";
import { type Language, say } from "../../../texts/texts";
import { reasons } from "./reasons";

const NOW = Date.parse("2026-03-03T10:00:00Z");

const speaker = (language: Language): Speaker => ({ language, say: (text, values) => say(text, language, values) });

const WHY: WhyOut = {
  obstacle: "busy",
  needs: [{ gas: 3 }],
  next_step: null,
  no_speaker: false,
  short: [],
  able: 3,
  agents: [],
  sticky: null,
};

const said = (why: Partial<WhyOut>, language: Language = "en", ringing: string[] = []) =>
  reasons({ ...WHY, ...why }, ringing, "en", speaker(language), NOW, (skill) => skill);

test("what stands in the way", () => {
  expect(said({})).toEqual(["Of those who could take the call (3), nobody is free"]);
  expect(said({ obstacle: "not-ready", able: 1 })).toEqual([
    "Those who could take the call (1) are not ready, or their phones are unreachable",
  ]);
  expect(said({ obstacle: "nobody", able: 0 }, "zh")).toEqual(["能接的坐席一位也没有签入"]);
});

test("for which agent the caller waits, and how long for nobody else", () => {
  const sticky = { agent: "1001", until: "2026-03-03T10:00:15Z" };
  expect(said({ obstacle: "sticky", sticky })).toEqual([
    "Waits for agent 1001, of the last talk, who is busy",
    "In 0:15 also any other agent who fits",
  ]);
  expect(said({ obstacle: "sticky", sticky: { ...sticky, until: "2026-03-03T09:59:59Z" } }, "zh")).toEqual([
    "在等上次接听的坐席 1001，这位坐席现在没有空",
  ]);
});

test("a ring says all; one that has ended since is no reason any more", () => {
  expect(said({ short: [{ skill: "gas", needed: 3, best: 0 }] }, "zh", ["1003", "1004"])).toEqual([
    "正在给坐席 1003、1004 振铃",
  ]);
  expect(said({ obstacle: "ringing" })).toEqual(["Of those who could take the call (3), nobody is free"]);
});

test("which skill is missing, and to whom", () => {
  const short = [
    { skill: "gas", needed: 3, best: 1 },
    { skill: "water", needed: 2, best: 0 },
  ];
  expect(said({ short })[1]).toBe(
    "Agents who are free lack gas at level 3 (the best has 1), water at level 2 (none of them has any)",
  );
  expect(said({ short, obstacle: "nobody" }, "zh")[1]).toBe(
    "已签入的坐席缺少：gas 3 级（最高的 1 级）、water 2 级（没有人会）",
  );
});

test("every level is there, but with nobody together", () => {
  const short = [
    { skill: "gas", needed: 3, best: 3 },
    { skill: "water", needed: 2, best: 5 },
  ];
  expect(said({ short })[1]).toBe("Of the agents who are free, nobody has all of gas at level 3, water at level 2");
});

test("the language is missing", () => {
  expect(said({ no_speaker: true })[1]).toBe("Agents who are free do not speak English");
  expect(said({ no_speaker: true, obstacle: "nobody" }, "zh")[1]).toBe("已签入的坐席都不会说英语");
});

test("what comes in next, until it is there", () => {
  const step = (seconds: number) => ({ at: new Date(NOW + 1_000 * seconds).toISOString(), needs: { general: 1 } });
  expect(said({ next_step: step(72) })[1]).toBe("In 1:12 also those with general at level 1");
  expect(said({ next_step: step(0) })).toHaveLength(1);
});
