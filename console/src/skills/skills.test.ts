import { expect, test } from "vitest";
import type { SessionOut } from "../api/schema";
import type { Agent, Board } from "../live/board";
import { inFile, limited, skillsOf, spoken, subjects } from "./skills";

const who = (...queues: string[]) => ({ queues, departments: [] as string[] }) as unknown as SessionOut;

const edited = {
  id: "2",
  skills: { gas: 1 },
  languages: ["zh"],
  from_file: { skills: { gas: 5, old: 1 }, languages: ["en"] },
};
const agents = [{ id: "1", skills: { tea: 5 }, languages: ["zh"], from_file: null }, edited] as unknown as Agent[];
const board = {
  queues: new Map([["gas", { needs: [{ gas: 3 }, { general: 1, gas: 1 }] }]]),
  agents: new Map(agents.map((agent) => [agent.id, agent])),
} as unknown as Board;

test("every skill that is needed or known; a limited account sets those of its queues", () => {
  const open = (account: SessionOut) => subjects(board, account).map(({ skill, open }) => `${skill}${open ? "" : "-"}`);
  expect(open(who())).toEqual(["gas", "general", "old", "tea"]);
  expect(open(who("gas"))).toEqual(["gas", "general", "old-", "tea-"]);
  expect(skillsOf(board)).toEqual(["gas", "general", "old", "tea"]);
  expect(limited({ ...who(), departments: ["bureau"] })).toBe(true);
});

test("languages that somebody speaks, by the file too", () => {
  expect(spoken(board)).toEqual(["en", "zh"]);
  expect(agents.map((agent) => inFile(agent).skills)).toEqual([{ tea: 5 }, { gas: 5, old: 1 }]);
});
