import { expect, test } from "vitest";
import { type Entries, edited, type Value } from "../value";
import { conditionOf, exchanged, isMessage, later, withCondition } from "./ways";

test("ways out of a queue", () => {
  const then = (rest: Entries, to: Value = {}): Value => ({ ...rest, ["then" as string]: to });
  const path = ["queues", "gas", "overflow", 0];
  expect([then({ estimate: "5m" }), then({}), null].map(conditionOf)).toEqual(["estimate", null, null]);
  const rule = then({ waited: "3m" }, { hangup: true });
  const as = (to: "estimate" | "waiting") =>
    withCondition([], rule, to).reduce((whole: Value, edit) => edited(whole, edit), rule);
  const suggested = withCondition([], then({ waited: "5m" }), "nobody_signed_in");
  expect(suggested.at(-1)).toMatchObject({ path: ["nobody_signed_in"], value: "10s" });
  expect([as("estimate"), as("waiting")]).toEqual([
    then({ estimate: "3m" }, { hangup: true }),
    then({ waiting: 50 }, { hangup: true }),
  ]);
  expect(withCondition(path, rule, "waited")).toEqual([]);
  expect([then({ say: "x" }), { say: "x", hours: "y" }, { queue: "x" }].map(isMessage)).toEqual([true, false, false]);
});

test("steps of relaxing follow each other", () => {
  expect(["", "30s", "2m", "soon"].map(later)).toEqual(["30s", "60s", "150s", "30s"]);
});

test("keys change places with what they say", () => {
  const codes = { done: { zh: "办结" }, sent: { zh: "转办" }, other: { zh: "其他" } };
  const after = exchanged([], codes, "done", "sent").reduce((whole: Value, edit) => edited(whole, edit), codes);
  expect(Object.entries(after ?? {})).toEqual([
    ["sent", { zh: "转办" }],
    ["done", { zh: "办结" }],
    ["other", { zh: "其他" }],
  ]);
});
