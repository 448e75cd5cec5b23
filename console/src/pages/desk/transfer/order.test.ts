import { expect, test } from "vitest";
import { absent, inOrder, type Ranked } from "./order";

const who = (name: string, state: Ranked["state"], phone: Ranked["phone"] = "free", fits = false) => ({
  name,
  state,
  phone,
  fits,
});

test("free ones, then those who can be disturbed, busy ones, unreachable ones, signed-out ones; who fits comes before others", () => {
  const order = inOrder([
    who("out, fits", "logged-out", "free", true),
    who("gone", "ready", "unreachable"),
    who("rings", "ringing"),
    who("talks, fits", "on-call", "busy", true),
    who("wraps up", "wrap-up"),
    who("free", "ready"),
    who("free too", "ready"),
    who("free, fits", "ready", "free", true),
  ]);
  expect(order.map(({ name }) => name)).toEqual([
    "free, fits",
    "free",
    "free too",
    "wraps up",
    "talks, fits",
    "rings",
    "gone",
    "out, fits",
  ]);
});

test("who is not there is grey", () => {
  expect([
    absent(who("a", "logged-out")),
    absent(who("b", "ready", "unreachable")),
    absent(who("c", "not-ready")),
  ]).toEqual([true, true, false]);
});
