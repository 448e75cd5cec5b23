import { afterEach, expect, test } from "vitest";
import { setZone } from "../../time/zone";
import { addressOf, addressOfCall, EVERY_CALL, FIRST_PAGE, NEXT_PAGE, query, searchIn } from "./search";

afterEach(() => setZone("no zone"));

const SEARCH = { ...EVERY_CALL, caller: " +86 138 0013 8000 ", words: "水管 & 漏水", since: "2026-11-30T10:00" };

test("an address has the search, and gives it back", () => {
  const address = addressOf(SEARCH);
  expect(address.startsWith("/calls?caller=%2B86+138")).toBe(true);
  const told = searchIn(new URL(address, "http://here").searchParams);
  expect(told).toEqual({ ...SEARCH, caller: "+86 138 0013 8000" });
  expect(addressOf(EVERY_CALL)).toBe("/calls");
  expect(searchIn(new URLSearchParams("call=c1&other=2"))).toEqual(EVERY_CALL);
  expect(addressOfCall("c 1&x")).toBe("/calls?call=c+1%26x");
});

test("the service is asked for what the fields say, on the hotline's clock, and for what comes after", () => {
  setZone("Asia/Shanghai");
  expect(query(EVERY_CALL)).toEqual({ limit: FIRST_PAGE });
  const since = "2026-11-30T02:00:00.000Z";
  expect(query(SEARCH)).toEqual({ limit: FIRST_PAGE, caller: "+86 138 0013 8000", words: "水管 & 漏水", since });
  const until = "2026-11-30T02:00:59.999Z";
  expect(query({ ...EVERY_CALL, until: "2026-11-30T10:00" }, "c7")).toEqual({ limit: NEXT_PAGE, until, before: "c7" });
  expect(query({ ...EVERY_CALL, path: "1 2，#" }).path).toBe("1,2,#");
  expect(query({ ...EVERY_CALL, since: "soon" }).since).toBe("soon");
});
