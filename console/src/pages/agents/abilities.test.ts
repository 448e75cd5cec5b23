import { expect, test } from "vitest";
import type { Agent } from "../../live/board";
import { ALL, find, inWords } from "./abilities";

const agent = (id: string, skills: Record<string, number>, more: Partial<Agent> = {}) =>
  ({ id, name: `Agent ${id}`, skills, languages: ["zh"], from_file: null, ...more }) as unknown as Agent;

const agents = [
  agent("1001", { gas: 4, general: 2 }),
  agent("1002", { water: 1 }, { from_file: { skills: { heating: 3 }, languages: ["zh", "en"] } }),
];
test("agents are found", () => {
  const ids = (filter: Partial<typeof ALL>) => find(agents, { ...ALL, ...filter }).map(({ id }) => id);
  expect([ids({}), ids({ words: " AGENT 1002" }), ids({ skill: "gas" }), ids({ changed: true })]).toEqual([
    ["1001", "1002"],
    ["1002"],
    ["1001"],
    ["1002"],
  ]);
});

test("skills in words, the best first", () => {
  expect(inWords({ water: 2, gas: 4, air: 2 }, (skill) => skill)).toEqual(["gas 4", "air 2", "water 2"]);
});
