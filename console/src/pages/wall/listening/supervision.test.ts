import { expect, test } from "vitest";
import type { ListeningOut, SessionOut } from "../../../api/schema";
import type { Agent, Board } from "../../../live/board";
import { calling, heardBy, helpKey, inTalk, mayListen, mine } from "./supervision";

const WANG = { actor: "user:wang", agent: "1009", roles: ["supervisor", "agent"] } as unknown as SessionOut;

const agent = (id: string, more: Partial<Agent> = {}) =>
  ({ id, state: "on-call", call_id: `c${id}`, help_since: null, ...more }) as Agent;

const heard = (id: string, by = "user:wang", phone = "1009") =>
  ({ id: `l${id}`, call_id: `c${id}`, agent: id, by, phone, mode: "listen" }) as ListeningOut;

const board = (agents: Agent[], listening: ListeningOut[] = []) =>
  ({ agents: new Map(agents.map((each) => [each.id, each])), listening }) as unknown as Board;

const SINCE = "2025-03-03T09:30:00.000+00:00";
const EARLIER = "2025-03-03T09:29:00.000+00:00";

test("calls for help ring, the longest first, until somebody listens or they are put aside", () => {
  const [first, second] = [agent("1001", { help_since: SINCE }), agent("1002", { help_since: EARLIER })];
  const agents = [first, second, agent("1003")];
  const ids = (...args: Parameters<typeof calling>) => calling(...args).map(({ id }) => id);
  expect(ids(board(agents), new Set())).toEqual(["1002", "1001"]);
  expect(ids(board(agents, [heard("1002", "user:li", "1008")]), new Set())).toEqual(["1001"]);
  expect(ids(board(agents), new Set([helpKey(second)]))).toEqual(["1001"]);
  const again = { ...second, help_since: SINCE };
  expect(ids(board([first, again]), new Set([helpKey(second)]))).toEqual(["1001", "1002"]);
});

test("the own listening is that of the own telephone", () => {
  expect(mine(board([], [heard("1001")]), WANG)?.id).toBe("l1001");
  expect(mine(board([], [heard("1001", "user:li", "1008")]), WANG)).toBeNull();
  expect(mine(board([], [heard("1001", "token:script")]), WANG)).toBeNull();
});

test("one can listen in a talk alone", () => {
  expect(inTalk(agent("1001"))).toBe(true);
  expect(inTalk(agent("1001", { state: "wrap-up" }))).toBe(false);
  expect(inTalk(undefined)).toBe(false);
});

test("who listens to an agent, and not to the call before", () => {
  const told = board([], [heard("1001")]);
  expect(heardBy(told, agent("1001")).length).toBe(1);
  expect(heardBy(told, agent("1001", { call_id: "c9" }))).toEqual([]);
});

test("supervisors and administrators may listen", () => {
  expect(mayListen(WANG)).toBe(true);
  expect(mayListen({ ...WANG, roles: ["agent", "operations"] })).toBe(false);
});
