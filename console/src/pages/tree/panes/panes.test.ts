import { describe, expect, test } from "vitest";
import { Refused, Unreached } from "../../../api/client";
import type { StepOut, WalkOut } from "../../../api/schema";
import { newer } from "./published";
import { byPlace, sent, short } from "./sent";
import { NOBODY, request, taken, unheard } from "./walk";

const FILES = { "hotline.yaml": "name: 热线\n" };

function step(...sounds: (string | null)[]): StepOut {
  const said = sounds.map((sound) => ({ language: "zh", text: "绿化请按1", speaker: null, seconds: null, sound }));
  return { at_s: 0, place: "menus/main", where: "", language: "zh", said, wait_s: 5, did: null, leads: false };
}

function walk(changed: Partial<WalkOut>): WalkOut {
  const at = { head: "", at: "", number: "12319", caller: "", language: "zh", steps: [], numbers: [], languages: [] };
  return { ...at, unvoiced: null, keys: {}, asks: false, left: [], ...changed };
}

describe("a walk", () => {
  test("what is not filled in is left to the service", () => {
    const wanted = request(FILES, { ...NOBODY, at: " ", caller: "138 0013-8000" }, ["1", "silence"]);
    expect(wanted).toEqual({
      files: { "hotline.yaml": "name: 热线\n", "agents.yaml": "" },
      at: null,
      number: null,
      caller: "13800138000",
      language: null,
      keys: ["1", "silence"],
    });
  });

  test("keys that did nothing are not pressed again", () => {
    expect(taken(["1", "1", "5"], walk({ left: ["5"] }))).toEqual(["1", "1"]);
    expect(taken(["1"], walk({}))).toEqual(["1"]);
  });

  test("only what is new is heard, without what cannot be heard here", () => {
    const steps = [step("/a"), step("/b", null, "/c"), step(null)];
    expect(unheard(steps, 1)).toEqual(["/b", "/c"].map((url) => ({ url, unspoken: true })));
    expect(unheard(steps, 3)).toEqual([]);
  });
});

test("choices are listed by their place", () => {
  const choices = [
    { place: "menus/main", choice: "1" },
    { place: "queues/gas", choice: "#" },
    { place: "menus/main", choice: "silence" },
  ];
  expect(byPlace(choices).map(([place, found]) => [place, found.length])).toEqual([
    ["menus/main", 2],
    ["queues/gas", 1],
  ]);
  expect(["menus/main", "goodbye/"].map(short)).toEqual(["main", "goodbye"]);
});

test("a draft without agents is sent with an empty file, of which the check tells", () => {
  expect(sent({})).toEqual({ "hotline.yaml": "", "agents.yaml": "" });
});

test("somebody else has published meanwhile: nothing else is taken for that", () => {
  expect(newer(new Refused(412, "", null))).toBe(true);
  expect(newer(new Refused(422, "", null))).toBe(false);
  expect(newer(new Unreached(""))).toBe(false);
});
