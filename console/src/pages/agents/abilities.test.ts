import { expect, test } from "vitest";
import type { Agent, Board } from "../../live/board";
import { ALL, find, inWords, languagesOf, ownSkills, skillsOf, withLevel } from "./abilities";

const agent = (id: string, skills: Record<string, number>, more: Partial<Agent> = {}) =>
  ({ id, name: `Agent ${id}`, skills, languages: ["zh"], from_file: null, ...more }) as unknown as Agent;

const agents = [
  agent("1001", { gas: 4, general: 2 }),
  agent("1002", { water: 1 }, { from_file: { skills: { heating: 3 }, languages: ["zh", "en"] } }),
];
const queues = [{ id: "gas", needs: [{ gas: 3 }, { general: 1, roads: 1 }] }];
const board = {
  queues: new Map(queues.map((queue) => [queue.id, queue])),
  agents: new Map(agents.map((one) => [one.id, one])),
} as unknown as Board;

test("agents are found", () => {
  const ids = (filter: Partial<typeof ALL>) => find(agents, { ...ALL, ...filter }).map(({ id }) => id);
  expect([ids({}), ids({ words: " AGENT 1002" }), ids({ skill: "gas" }), ids({ changed: true })]).toEqual([
    ["1001", "1002"],
    ["1002"],
    ["1001"],
    ["1002"],
  ]);
});

test("skills and languages that there are, and those of the account's queues", () => {
  expect(skillsOf(board)).toEqual(["gas", "general", "heating", "roads", "water"]);
  expect(languagesOf(board)).toEqual(["zh", "en"]);
  expect([...ownSkills(board)].sort()).toEqual(["gas", "general", "roads"]);
});

test("a level is set and taken away", () => {
  const one = { skills: { gas: 4 }, languages: ["zh"] };
  expect(withLevel(one, "water", 2).skills).toEqual({ gas: 4, water: 2 });
  expect(withLevel(one, "gas", 0).skills).toEqual({});
  expect(inWords({ water: 2, gas: 4, air: 2 })).toEqual(["gas 4", "air 2", "water 2"]);
});
