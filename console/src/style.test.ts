import { expect, test } from "vitest";
import colours from "./api/colours.css?raw";
import { STATES } from "./api/tables";
import own from "./tokens.css?raw";

const tokens = own + colours;
const STYLES = import.meta.glob<string>("./**/*.css", { eager: true, query: "?raw", import: "default" });
const SOURCES = import.meta.glob<string>("./**/*.{ts,tsx}", { eager: true, query: "?raw", import: "default" });

const LONGEST_FILE = 200;

test("no file is longer than a reader holds in mind", () => {
  const long = Object.entries(SOURCES)
    .filter(([file]) => !file.startsWith("./api/"))
    .filter(([, source]) => source.split("\n").length > LONGEST_FILE);
  expect(long.map(([file]) => file)).toEqual([]);
});

test("colours are named in tokens.css and api/colours.css only", () => {
  for (const [file, style] of Object.entries(STYLES)) {
    if (/\/(tokens|colours)\.css$/.test(file)) continue;
    expect(style.match(/#[0-9a-f]{3,8}\b|\b(rgb|hsl|oklch)a?\(/gi), file).toBeNull();
  }
});

/** Property and value of each declaration of a style sheet. */
function declared(style: string): [property: string, value: string][] {
  const plain = style.replace(/\/\*[\s\S]*?\*\//g, "");
  return [...plain.matchAll(/([\w-]+):\s*([^;{}]+);/g)].map(([, property = "", value = ""]) => [property, value]);
}

/** Lengths that are the page's own: pixels, root ems, parts of the window. `em` and `ch` follow the letters. */
const OWN_LENGTH = /\d(px|rem|vw|vh|dvh|dvw|pt)\b/;

test("type and spaces are those of tokens.css", () => {
  for (const [file, style] of Object.entries(STYLES)) {
    if (/\/(tokens|fonts)\.css$/.test(file)) continue;
    for (const [property, value] of declared(style)) {
      const typed = property === "font-size" || property === "font";
      if (typed || /^(padding|margin|(row-|column-)?gap)/.test(property)) {
        expect(OWN_LENGTH.test(value), `${file}: ${property}: ${value}`).toBe(false);
      }
      if (property === "font-family") expect(value, file).toMatch(/^(inherit|var\(|"Inter|ui-monospace)/);
    }
  }
});

test("every token that is used is there", () => {
  const there = new Set([...tokens.matchAll(/(--[\w-]+):/g)].map(([, name]) => name));
  for (const [file, style] of Object.entries({ ...STYLES, ...SOURCES })) {
    const own = new Set([...style.matchAll(/(--[\w-]+)"?:/g)].map(([, name]) => name));
    for (const [, name] of style.matchAll(/var\((--[\w-]+)\)/g)) {
      expect(there.has(name) || own.has(name), `${name} in ${file}`).toBe(true);
    }
  }
});

/** Colour → its value in light, then in dark. */
const known = new Map(
  [...tokens.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)].map(([, name, light, dark]) => [
    name ?? "",
    [light ?? "", dark ?? ""] as const,
  ]),
);

/** Relative luminance: WCAG 2.2. */
function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
}

function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((first, second) => first - second);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

test.each([
  [["text", "quiet", "amber", "red"], ["surface", "ground"], 7],
  [[...Object.keys(STATES), "dialling", "hold", "consult", "accent"], ["surface", "ground", "hover"], 4.5],
  [["text", "quiet"], ["hover", "raised"], 4.5],
  [["amber"], ["amber-ground"], 4.5],
  [["red"], ["red-ground"], 4.5],
  [["on-accent"], ["accent"], 4.5],
  [["line-strong", "focus"], ["surface", "ground"], 3],
])("%s on %s can be read", (letters, grounds, least) => {
  for (const letter of letters) {
    for (const ground of grounds) {
      for (const theme of [0, 1] as const) {
        const found = contrast(known.get(letter)?.[theme] ?? "", known.get(ground)?.[theme] ?? "");
        expect(found, `${letter} on ${ground}, ${theme ? "dark" : "light"}`).toBeGreaterThanOrEqual(least);
      }
    }
  }
});
