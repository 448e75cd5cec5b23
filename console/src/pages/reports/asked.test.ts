import { expect, test } from "vitest";
import type { ReportOut, SessionOut } from "../../api/schema";
import { addressOf, allowed, askedIn, dimensionsOf, queryOf } from "./asked";

const who = (queues: string[] = [], departments: string[] = []) =>
  allowed({ queues, departments } as unknown as SessionOut);
const asked = (address: string, may = who()) => askedIn(new URLSearchParams(address), "2026-03-03", may);
const asks = (address: string, may = who()) => queryOf(asked(address, may));

test("without anything chosen the history has the queues by the hour of the day, of a week", () => {
  expect(asked("view=history").kind).toBe("queues");
  expect(asks("view=history")).toEqual({ from: "2026-02-25", to: "2026-03-03", by: "queue,hour" });
});

test("what is chosen is in the address, and comes back from it", () => {
  const address =
    "/reports?view=history&kind=calls&from=2026-02-01&to=2026-02-28&by=language&name=zh&time=day&apart=night&compare=year&figure=calls&all=yes";
  const found = asked(address.slice("/reports?".length));
  expect(addressOf(found)).toBe(address);
  expect(queryOf(found)).toEqual({
    from: "2026-02-01",
    to: "2026-02-28",
    by: "language,night",
    name: "zh",
    every: "day",
    compare: "year",
  });
});

test("a report that is split by nothing stays so", () => {
  const found = asked(addressOf({ ...asked("view=history"), by: "", time: "", name: "gas" }).slice(9));
  expect(found.by).toBe("");
  expect(queryOf(found)).toEqual({ from: "2026-02-25", to: "2026-03-03" });
});

test("weekdays and hours go together", () => {
  expect(asks("view=history&kind=queues&time=clock-weekday%2Chour&apart=day-kind").by).toBe("weekday,hour,day-kind");
});

test("today is by quarter hours, of all queues or of one; its address has no days", () => {
  expect(asks("")).toEqual({ from: "2026-03-03", to: "2026-03-03", every: "15min" });
  const one = asked("view=today&name=gas&from=2020-01-01&compare=week");
  expect(queryOf(one)).toMatchObject({ from: "2026-03-03", by: "queue", name: "gas", compare: "week" });
  expect(addressOf(one)).toBe("/reports?view=today&name=gas&compare=week");
});

test("menus are of a week, and not split by time", () => {
  expect(asks("view=menus&to=2026-03-01")).toEqual({ from: "2026-02-23", to: "2026-03-01", by: "menu" });
});

test("an account sees what its queues and departments have", () => {
  const report = { by: ["queue", "number", "agent", "hour", "weekday", "day-kind", "night"] } as unknown as ReportOut;
  expect(dimensionsOf(report, who())).toEqual(["queue", "number", "agent"]);
  expect(dimensionsOf(report, who(["gas"]))).toEqual(["queue", "agent"]);
  expect(asked("view=menus", who(["gas"])).view).toBe("today");
  const department = asked("", who([], ["bureau"]));
  expect([department.view, department.kind, department.by]).toEqual(["history", "sub-hotlines", "sub-hotline"]);
});
