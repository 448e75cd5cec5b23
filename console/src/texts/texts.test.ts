import ts from "typescript";
import { expect, test } from "vitest";
import { PAGES } from "../frame/register";
import { LANGUAGES, named, preferred, say, type Texts } from "./texts";

const CATALOGUES = import.meta.glob<{ TEXTS: Texts }>("../**/texts.ts", { eager: true });
const COMPONENTS = import.meta.glob<string>("../**/*.tsx", { eager: true, query: "?raw", import: "default" });

const all = [
  ...Object.entries(CATALOGUES).flatMap(([file, { TEXTS }]) =>
    Object.entries(TEXTS ?? {}).map(([key, text]) => ({ name: `${file} ${key}`, text })),
  ),
  ...PAGES.map(({ name, title }) => ({ name: `the title of ${name}`, text: title })),
];

const values = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([found]) => found).sort();

test("every text is there in every language, with the same values", () => {
  expect(all.length).toBeGreaterThan(50);
  for (const { name, text } of all) {
    for (const language of LANGUAGES) expect(text[language].trim(), `${name} in ${language}`).not.toBe("");
    expect(values(text.zh), name).toEqual(values(text.en));
  }
});

/** Names of languages are written in their own language everywhere. */
const OWN = /chinese$|english$/;

test("Chinese is Chinese and English is not", () => {
  for (const { name, text } of all.filter((one) => !OWN.test(one.name))) {
    expect(text.zh, name).toMatch(/\p{Script=Han}/u);
    expect(text.en, name).not.toMatch(/\p{Script=Han}/u);
  }
});

const SPOKEN = /^(aria-label|aria-description|alt|label|placeholder|title)$/;

/** Words in a component that come from no catalogue. */
function literals(source: string): string[] {
  const found: string[] = [];
  const look = (node: ts.Node): void => {
    if (ts.isJsxText(node) && /\p{Letter}/u.test(node.text)) found.push(node.text.trim());
    if (ts.isJsxAttribute(node) && SPOKEN.test(node.name.getText()) && node.initializer) {
      if (ts.isStringLiteral(node.initializer)) found.push(node.initializer.text);
    }
    if (ts.isJsxExpression(node) && node.expression && ts.isStringLiteralLike(node.expression)) {
      if (!ts.isJsxAttribute(node.parent) && /\p{Letter}/u.test(node.expression.text)) found.push(node.expression.text);
    }
    ts.forEachChild(node, look);
  };
  look(ts.createSourceFile("x.tsx", source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX));
  return found;
}

test("no component says words of its own", () => {
  expect(Object.keys(COMPONENTS).length).toBeGreaterThan(5);
  for (const [file, source] of Object.entries(COMPONENTS)) expect(literals(source), file).toEqual([]);
}, 60_000); // it parses every component, beside all other tests

test("words of its own are found", () => {
  const source = 'const x = <p title="Queue">Waiting {"now"}{a}<i class="b"> · </i></p>;';
  expect(literals(source)).toEqual(["Queue", "Waiting", "now"]);
});

test("values are put in", () => {
  const text = { zh: "{a} 和 {b}", en: "{a} and {b}" };
  expect(say(text, "en", { a: 1, b: "two" })).toBe("1 and two");
  expect(say(text, "zh", { a: 1 })).toBe("1 和 {b}");
});

test("names of the hotline's folder", () => {
  expect(named({ zh: "绿化", en: "Greening" }, "en")).toBe("Greening");
  expect(named({ "*": "综合" }, "en")).toBe("综合");
  expect(named({ fr: "Vert" }, "en")).toBe("Vert");
  expect(named({}, "zh")).toBe("");
});

test("the browser's languages", () => {
  expect(preferred(["de-DE", "zh-Hant-TW", "en"])).toBe("zh");
  expect(preferred(["fr"])).toBe("en");
});

const SOURCES = import.meta.glob<string>("../**/*.{ts,tsx}", { eager: true, query: "?raw", import: "default" });

test("every text is said somewhere", () => {
  const said = new Set(
    Object.values(SOURCES).flatMap((source) => Array.from(source.matchAll(/[A-Z]\.(\w+)/g), ([, key]) => key)),
  );
  for (const [file, { TEXTS }] of Object.entries(CATALOGUES)) {
    for (const key of Object.keys(TEXTS ?? {})) expect(said.has(key), `${key} of ${file}`).toBe(true);
  }
});
