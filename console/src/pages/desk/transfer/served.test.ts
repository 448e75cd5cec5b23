import { expect, test } from "vitest";
import type { StoryOut } from "../../../api/schema";
import type { Agent } from "../../../live/board";
import { recorded, served } from "./served";

const me = (more: Partial<Agent>) => ({ id: "1003", state: "on-call", sent: null, call_id: "c1", ...more }) as Agent;
const of = (agent: string | null) => ({ agent }) as StoryOut;

test("the call of a queue, and one that a colleague has sent, is held and sent on by the service", () => {
  expect(served(me({}), null)).toBe("c1");
  expect(served(me({ sent: "talks" }), of("1003"))).toBe("c1");
  expect(served(me({ sent: "talks" }), of(null))).toBe("c1"); // a department's line, whose phone is this agent's
});

test("whoever is asked about a call, or talks along, has it not", () => {
  expect(served(me({ sent: "asked" }), of("1001"))).toBeNull();
  expect(served(me({ sent: "talks" }), of("1001"))).toBeNull();
  expect(served(me({ sent: "talks" }), null)).toBeNull(); // it is not known yet
  expect(served(me({ state: "wrap-up" }), of("1003"))).toBeNull();
});

test("a citizen whom the agent has called is held by the telephone itself, and sent nowhere", () => {
  expect(served(me({ sent: "talks" }), { ...of("1003"), direction: "out" })).toBeNull();
});

test("the recording of a talk with a called citizen is the agent's to pause, but not while the citizen's phone rings", () => {
  const out: StoryOut = { ...of("1003"), direction: "out" };
  expect(recorded(me({ sent: "talks" }), out)).toBe("c1");
  expect(recorded(me({ sent: "asked" }), out)).toBeNull();
  expect(recorded(me({}), of("1003"))).toBe("c1");
});
