import { describe, expect, test } from "vitest";
import SCHEMA from "../../../../../examples/schema/hotline.json";
import TESTS from "../../../../../examples/schema/tests.json";
import { complete, meaning } from "./completion";
import { namesOf } from "./names";
import type { Schema } from "./schema";
import { parse } from "./yaml";

const schema = SCHEMA as unknown as Schema;

const HOTLINE = `hotline: "12319"
languages: [zh, en]
entry: main
menus:
  main:
    say: "For greening, press 1."
    keys:
      "1": {queue: greening}
  other:
    say: x
queues:
  greening:
    name: Greening
    needs: {greening: 3}
  general:
    name: General
sub_hotlines:
  bureau: {name: Bureau, dial: "2201"}
opening_hours:
  office: {week: {mon-fri: "9:00-17:00"}}
`;
const names = namesOf(parse(HOTLINE), parse("agents:\n  - {id: 1, skills: {water: 2}}\n"));

/** The labels for a text in which `|` is the cursor. */
function offered(marked: string, known: Schema | null = schema): string[] {
  const found = complete(marked.replace("|", ""), marked.indexOf("|"), known, names);
  return found?.suggestions.map(({ label }) => label) ?? [];
}

describe("keys", () => {
  test("of the file, without those that are there", () => {
    const found = offered('hotline: "12319"\nme|\n');
    expect(found).toContain("menus");
    expect(found).not.toContain("hotline");
  });

  test("of a menu, in an empty line below the others", () => {
    const found = offered("menus:\n  main:\n    say: x\n    |\nqueues:\n  a: {}\n");
    expect(found).toEqual(expect.arrayContaining(["keys", "no_input"]));
    expect(found).not.toContain("say");
    expect(found).not.toContain("needs");
  });

  test("of a menu that is still empty", () => {
    expect(offered("menus:\n  main:\n    |\n")).toContain("keys");
  });

  test("of a place in braces, closed or not", () => {
    for (const end of ["}", ""]) {
      const found = offered(`menus:\n  main:\n    keys:\n      "1": {queue: general, |${end}`);
      expect(found, end).toEqual(expect.arrayContaining(["hours", "district"]));
      expect(found, end).not.toContain("language"); // only a menu has it
    }
  });

  test("of an item of a list, in braces and in lines", () => {
    expect(offered("queues:\n  a:\n    overflow:\n      - |\n")).toContain("waited");
    expect(offered("queues:\n  a:\n    overflow:\n      - waited: 5m\n        |\n")).toContain("then");
    expect(offered("queues:\n  a:\n    overflow: [{|}]\n")).toContain("waited");
  });

  test("the telephone's keys are in quotation marks", () => {
    const found = offered('menus:\n  main:\n    keys:\n      "1": {queue: general}\n      |\n');
    expect(found).toContain('"2"');
    expect(found).not.toContain('"1"');
  });

  test("the skills of queues and agents", () => {
    expect(offered("queues:\n  a:\n    needs: {|}\n")).toEqual(["greening", "water"]);
  });

  test("a key that is written anew keeps its colon", () => {
    const found = complete("queues:\n  a:\n    nam: x\n", 19, schema, names);
    expect(found?.suggestions.find(({ label }) => label === "name")?.write).toBe("name");
    const fresh = complete("queues:\n  a:\n    nam\n", 19, schema, names);
    expect(fresh?.suggestions.find(({ label }) => label === "name")?.write).toBe("name: ");
  });

  test("a required key comes first", () => {
    const found = complete("menus:\n  main:\n    \n", 18, schema, names)?.suggestions ?? [];
    expect(found.filter(({ boost }) => boost === 1).map(({ label }) => label)).toEqual(["say", "keys"]);
  });
});

describe("values", () => {
  test("names of places", () => {
    const menu = 'menus:\n  main:\n    keys:\n      "1": ';
    expect(offered(`${menu}{queue: |}\n`)).toEqual(["greening", "general"]);
    expect(offered(`${menu}{queue: gre|}\n`)).toContain("greening");
    expect(offered(`${menu}{menu: |}\n`)).toEqual(["main", "other"]);
    expect(offered(`${menu}{sub_hotline: |`)).toEqual(["bureau"]);
    expect(offered(`${menu}{menu: main, language: |}`)).toEqual(["zh", "en"]);
    expect(offered(`${menu}\n        queue: |\n`)).toEqual(["greening", "general"]);
    expect(offered("queues:\n  a:\n    ask: |\n")).toEqual(["main", "other"]); // the menu that asks for the district
  });

  test("a destination as a whole", () => {
    expect(offered('menus:\n  main:\n    keys:\n      "1": |\n')).toEqual(
      expect.arrayContaining(["{queue: }", "{sub_hotline: }"]),
    );
    expect(offered("entry: |\n")).toEqual(expect.arrayContaining(["main", "{queue: }"]));
  });

  test("words of a few, truths, defaults", () => {
    expect(offered("queues:\n  a:\n    strategy: |\n")).toContain("most-skilled");
    expect(offered("queues:\n  a:\n    announce: {position: |}\n")).toEqual(expect.arrayContaining(["true", "false"]));
    expect(offered("queues:\n  a:\n    ring: |\n")).toContain("15s");
    expect(offered("calendars:\n  work: {weekend: [sat, |]}\n")).toContain("sun");
  });

  test("of a test, with the names of the hotline", () => {
    const tests = TESTS as unknown as Schema;
    expect(offered("tests:\n  - {name: a, |}\n", tests)).toEqual(expect.arrayContaining(["keys", "from", "expect"]));
    expect(offered("tests:\n  - name: a\n    expect: {|}\n", tests)).toEqual(
      expect.arrayContaining(["queue", "words"]),
    );
    expect(offered("tests:\n  - name: a\n    expect: {queue: |}\n", tests)).toContain("general");
    expect(offered("tests:\n  - name: a\n    keys: [|]\n", tests)).toEqual(expect.arrayContaining(['"2"', "silence"]));
  });

  test("without a schema the names are offered all the same", () => {
    expect(offered("tests:\n  - {keys: [], expect: {queue: |}}\n", null)).toEqual(["greening", "general"]);
  });

  test("nothing in comments and in the words of a text", () => {
    expect(offered("menus: # |")).toEqual([]);
    expect(offered("greeting: >-\n  Hello, |\n")).toEqual([]);
  });
});

test("what a key means", () => {
  const doc = parse(HOTLINE);
  const found = meaning(doc, HOTLINE.indexOf("needs") + 1, schema);
  expect(found?.path).toBe("queues › greening › needs");
  expect(found?.description).toMatch(/^Skills that an agent needs/);
  expect(meaning(doc, HOTLINE.indexOf("Greening"), schema)).toBeNull();
  const menu = meaning(doc, HOTLINE.indexOf("queue: g"), schema);
  expect(menu?.description).toMatch(/waits for an agent/);
});
