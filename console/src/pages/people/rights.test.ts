import { expect, test } from "vitest";
import type { PersonOut, Role } from "../../api/schema";
import { asked, found, isLast, NONE, rightsOf, toggled, unlimited } from "./rights";

const person = (name: string, roles: Role[], more: Partial<PersonOut> = {}) =>
  ({ name, roles, queues: [], departments: [], agent: null, openid: false, ...more }) as unknown as PersonOut;

test("a form says what the service wants", () => {
  expect(asked({ ...NONE, roles: ["department"], departments: ["parks", "water"] })).toEqual({
    roles: ["department"],
    queues: [],
    departments: ["parks", "water"],
    agent: null,
  });
  expect(asked({ ...NONE, roles: ["supervisor"], agent: "1001" }).agent).toBeNull();
  expect(asked({ ...NONE, roles: ["agent"], agent: " 1001 " }).agent).toBe("1001");
  expect(rightsOf(person("li", ["agent"], { agent: "1001", departments: ["a", "b"] }))).toEqual({
    roles: ["agent"],
    queues: [],
    departments: ["a", "b"],
    agent: "1001",
  });
});

test("without limits a role sees everything, the own desk, or nothing", () => {
  const sees = (...roles: Role[]) => unlimited(person("x", roles));
  expect([sees("operations"), sees("agent", "supervisor"), sees("agent"), sees("department")]).toEqual([
    "everything",
    "everything",
    "own desk",
    "nothing",
  ]);
});

test("a box adds once and takes away", () => {
  expect(toggled(["a"], "b", true)).toEqual(["a", "b"]);
  expect(toggled(["a"], "a", true)).toEqual(["a"]);
  expect(toggled(["a", "b"], "a", false)).toEqual(["b"]);
});

test("the last administrator with a password and without limits is told", () => {
  const people = [
    person("wang", ["administrator"]),
    person("city", ["administrator"], { openid: true }),
    person("part", ["administrator"], { queues: ["gas"] }),
    person("li", ["supervisor"]),
  ];
  expect([isLast(people, "wang"), isLast(people, "city"), isLast(people, "li")]).toEqual([true, false, false]);
  expect(isLast([...people, person("zhao", ["administrator"])], "wang")).toBe(false);
});

test("people are found by name and agent", () => {
  const people = [person("wang", ["supervisor"]), person("li", ["agent"], { agent: "1001" })];
  const names = (words: string) => found(people, words).map(({ name }) => name);
  expect([names(" WA"), names("100"), names("")]).toEqual([["wang"], ["li"], ["wang", "li"]]);
});
