import { expect, test } from "vitest";
import { Refused, Unreached } from "../api/client";
import { openIdRefusal, refusalOf, whyNobody } from "./refusals";
import { TEXTS } from "./texts";

test("why somebody could not sign in is a text", () => {
  expect(refusalOf(new Refused(401, "x", null)).text).toBe(TEXTS.wrong);
  expect(refusalOf(new Refused(429, "x", 90))).toEqual({ text: TEXTS.locked, values: { time: "1:30" } });
  expect(refusalOf(new Refused(503, "x", null)).text).toBe(TEXTS.away);
  expect(refusalOf(new Refused(422, "too long", null)).values).toEqual({ why: "too long" });
  expect(refusalOf(new Unreached("x")).text).toBe(TEXTS.unreached);
  expect(() => refusalOf(new TypeError("a mistake of ours"))).toThrow("mistake");
  const back = (status: string | null) => openIdRefusal(status)?.text;
  expect([back(null), back("403"), back("503"), back("401"), back("<b>")]).toEqual([
    undefined,
    TEXTS.openIdNoRole,
    TEXTS.openIdAway,
    TEXTS.openIdRefused,
    TEXTS.openIdRefused,
  ]);
  expect(whyNobody("ended")?.text).toBe(TEXTS.whyEnded);
  expect(whyNobody(null)).toBeNull();
});
