import { describe, expect, test } from "vitest";
import { choiceOf, destinationOf } from "./destination";
import { changedLines } from "./lines";
import { nextMonth, timesOn, weeksOf, withDays } from "./special";
import { at, type Edit, edited, freeId, freeName, skillName, spoken, within } from "./value";
import { grouped, times, weekOf, written } from "./week";

test("values by their paths", () => {
  const value = { agents: [{ id: "1001" }], name: "热线" };
  expect([
    at(value, "agents", 0, "id"),
    at(value, "agents", 1, "id"),
    at(value, "name", "zh"),
    at(undefined, "a"),
  ]).toEqual(["1001", null, null, null]);
  expect([within(["a", 0, "b"], ["a", 0]), within(["a"], ["a", 0]), within(["a"], [])]).toEqual([true, false, true]);
  expect([spoken("热线", "en"), spoken({ zh: "热线" }, "en"), spoken({ "*": "x" }, "en")]).toEqual(["热线", "", "x"]);
});

test("what a file will say after an edit", () => {
  const file = "hotline.yaml";
  const value = { keys: { "1": { queue: "a" }, "2": { queue: "b" } }, agents: [{ id: "1" }, { id: "2" }] };
  const after = (edit: Omit<Edit, "file">) => edited(value, { file, ...edit });
  expect(after({ do: "set", path: ["agents", 1, "name"], value: "x" })).toEqual({
    ...value,
    agents: [{ id: "1" }, { id: "2", name: "x" }],
  });
  expect(at(after({ do: "set", path: ["a", "b", 0], value: "x" }), "a")).toEqual({ b: ["x"] });
  expect(at(after({ do: "remove", path: ["agents", 0] }), "agents")).toEqual([{ id: "2" }]);
  expect(after({ do: "remove", path: ["none", "x"] })).toEqual(value);
  expect(at(after({ do: "rename", path: ["keys", "1"], to: "2" }), "keys")).toEqual({
    "2": { queue: "a" },
    "1": { queue: "b" },
  });
  expect(at(after({ do: "rename", path: ["keys", "1"], to: "5" }), "keys", "5", "queue")).toBe("a");
});

test("members of a list are exchanged", () => {
  const edit = { do: "rename", file: "hotline.yaml", path: ["a", 0], to: "2" } as const;
  expect(edited({ a: ["x", "y", "z"] }, edit)).toEqual({ a: ["z", "y", "x"] });
});

test("a skill is called by its own name, else as the queue of the same name", () => {
  const hotline = { skills: { gas: { zh: "燃气" } }, queues: { gas: { name: "x" }, water: { name: { en: "Water" } } } };
  expect(["gas", "water", "trees"].map((skill) => skillName(hotline, skill, "en"))).toEqual(["燃气", "Water", "trees"]);
});

test("names for what is new", () => {
  expect(freeName("Street trees!", [], "queue")).toBe("street-trees");
  expect(freeName("树木", ["queue", "queue-2"], "queue")).toBe("queue-3");
  expect([freeId([]), freeId(["2200", "1001", "1002", "a"])]).toEqual(["1001", "1003"]);
  expect(freeName("24 hours", [], "x")).toBe("hours");
});

describe("a week", () => {
  test("is shown by day and written by group", () => {
    const week = weekOf({ "mon-fri": "09:00-12:00, 13:30-17:30", "sat, sun": "00:00-24:00" });
    expect(week?.[0]).toEqual([
      ["09:00", "12:00"],
      ["13:30", "17:30"],
    ]);
    expect(week?.[6]).toEqual([["00:00", "00:00"]]);
    expect(grouped(week ?? [])).toEqual({ "mon-fri": "09:00-12:00, 13:30-17:30", "sat-sun": "00:00-24:00" });
    expect(grouped(weekOf({ mon: "09:00-10:00", wed: "09:00-10:00", tue: "closed" }) ?? [])).toEqual({
      mon: "09:00-10:00",
      wed: "09:00-10:00",
    });
    expect(weekOf({ "sat-mon": "08:00-09:00" })?.map((day) => day.length)).toEqual([1, 0, 0, 0, 0, 1, 1]);
  });

  test("that is no week is left alone", () => {
    expect([weekOf({ monday: "09:00-10:00" }), weekOf({ mon: "nine" }), times("9-10")]).toEqual([null, null, null]);
    expect([times("closed"), written([])]).toEqual([[], "closed"]);
  });
});

describe("single dates", () => {
  const special = { "2027-02-05": "09:00-12:00", "2027-02-06 to 2027-02-11": "closed" };

  test("what a date has", () => {
    expect(["2027-02-04", "2027-02-05", "2027-02-11"].map((date) => timesOn(special, date))).toEqual([
      null,
      "09:00-12:00",
      "closed",
    ]);
  });

  test("a part of a longer time gets others, and the rest stays", () => {
    expect(withDays(special, "2027-02-08", "2027-02-09", "10:00-11:00")).toEqual({
      "2027-02-05": "09:00-12:00",
      "2027-02-06 to 2027-02-07": "closed",
      "2027-02-08 to 2027-02-09": "10:00-11:00",
      "2027-02-10 to 2027-02-11": "closed",
    });
    expect(withDays(special, "2027-02-01", "2027-02-28", null)).toEqual({});
    expect(withDays(null, "2026-12-31", "2027-01-01", "closed")).toEqual({ "2026-12-31 to 2027-01-01": "closed" });
  });

  test("a month by its weeks", () => {
    expect(weeksOf("2027-02")).toEqual([1, 8, 15, 22].map((day) => week(day)));
    expect(weeksOf("2026-11")[0]).toEqual([null, null, null, null, null, null, "2026-11-01"]);
    expect([nextMonth("2026-12", 1), nextMonth("2027-01", -1)]).toEqual(["2027-01", "2026-12"]);
  });

  function week(first: number): string[] {
    return Array.from({ length: 7 }, (_, day) => `2027-02-${String(first + day).padStart(2, "0")}`);
  }
});

test("destinations as choices", () => {
  expect([{ queue: "gas" }, { repeat: true }, { language: "en", menu: "main" }, null].map(choiceOf)).toEqual([
    "queue:gas",
    "repeat:",
    "other",
    "",
  ]);
  expect(choiceOf({ message: { queue: "gas", limit: "2m" } })).toBe("message:gas");
  expect(destinationOf("message:gas")).toEqual({ message: { queue: "gas" } });
  expect([destinationOf("queue:gas"), destinationOf("hangup:")]).toEqual([{ queue: "gas" }, { hangup: true }]);
});

test("two places of an edit, and nothing of what is between", () => {
  expect(changedLines("a\nb\nc\nd\ne", "a\nx\nc\nd\ny\ne")).toEqual([
    { line: 2, gone: ["b"], come: ["x"] },
    { line: 5, gone: [], come: ["y"] },
  ]);
  const long = Array.from({ length: 1_100 }, (_, line) => `${line}`);
  expect(changedLines(["a", ...long, "b"].join("\n"), ["x", ...long, "y"].join("\n"))).toHaveLength(1);
});

test("the lines of an edit", () => {
  expect(changedLines("a\nb\nc", "a\nx\ny\nc")).toEqual([{ line: 2, gone: ["b"], come: ["x", "y"] }]);
  expect(changedLines("a\na", "a\na\na")).toEqual([{ line: 3, gone: [], come: ["a"] }]);
  expect(changedLines("a", "a")).toEqual([]);
});
