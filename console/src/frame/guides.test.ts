import { expect, test } from "vitest";
import type { SessionOut } from "../api/schema";
import { LANGUAGES } from "../texts/texts";
import { helpFor } from "./guides";
import { PAGES } from "./register";

const GUIDES = import.meta.glob<string>("../../../docs/guides/*.md", { query: "?raw", import: "default", eager: true });
const who = { roles: ["operations"] } as unknown as SessionOut;

test.for(PAGES.map((page) => page.name))("%s has a section in its guide, in each language", (name) => {
  for (const language of LANGUAGES) {
    const page = PAGES.find((each) => each.name === name) ?? null;
    const [file, anchor] = helpFor(page, who, language).split("#");
    const guide = GUIDES[`../../../docs${file?.replace("/help", "")}`] ?? "";
    const anchors = [...guide.matchAll(/^#+ (.*)$/gm)].map((found) => found[1]?.toLowerCase().replaceAll(" ", "-"));
    expect(anchors, `${file} needs a heading with the page's title`).toContain(anchor);
  }
});

test("without a page it is the guide of the person's role", () => {
  expect(helpFor(null, who, "zh")).toBe("/help/guides/operators.zh.md");
  expect(helpFor(null, who, "en")).toBe("/help/guides/operators.md");
  expect(helpFor(null, null, "zh")).toBe("/help/guides/agents.zh.md");
});
