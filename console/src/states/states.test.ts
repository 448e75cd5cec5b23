import { expect, test } from "vitest";
import { serves } from "./serving";
import { shown } from "./states";

test("an unreachable phone is shown while its agent waits, not over a call", () => {
  expect(shown({ state: "ready", phone: "unreachable" })).toBe("unreachable");
  expect(shown({ state: "on-call", phone: "unreachable" })).toBe("on-call");
  expect(shown({ state: "logged-out", phone: "unreachable" })).toBe("logged-out");
  expect(shown({ state: "ready", phone: "busy" })).toBe("ready");
});

test("serving is the service's rule", () => {
  expect(serves({ skills: { a: 2 } }, { needs: [{ a: 2, b: 1 }, { a: 3 }] })).toBe(false);
  expect(serves({ skills: { a: 2, b: 4 } }, { needs: [{ a: 2, b: 1 }] })).toBe(true);
  expect(serves({ skills: {} }, { needs: [] })).toBe(false);
});
