/** Which guide of the documentation explains a page. Pure. */

import type { Role, SessionOut } from "../api/schema";
import type { Language } from "../texts/texts";
import type { Page } from "./register";

type Guide = "agents" | "supervisors" | "administrators" | "operators";

/** The guide that explains a page. */
const OF_PAGE: Readonly<Record<string, Guide>> = {
  desk: "agents",
  account: "agents",
  wall: "supervisors",
  calls: "supervisors",
  reports: "supervisors",
  missed: "supervisors",
  callbacks: "supervisors",
  surveys: "supervisors",
  messages: "supervisors",
  agents: "supervisors",
  day: "supervisors",
  emergency: "supervisors",
  tree: "administrators",
  prompts: "administrators",
  hotline: "administrators",
  people: "administrators",
  audit: "administrators",
  health: "operators",
  selftest: "operators",
};

/** Where no page is shown, or one that this table does not name: the guide of the person's first role. */
const OF_ROLE: Readonly<Record<Role, Guide>> = {
  agent: "agents",
  supervisor: "supervisors",
  administrator: "administrators",
  operations: "operators",
  department: "supervisors",
};

/** The address of the guide's section about a page: the section has the page's title. `who`: null before the sign-in. */
export function helpFor(page: Page | null, who: SessionOut | null, language: Language): string {
  const guide = (page && OF_PAGE[page.name]) ?? OF_ROLE[who?.roles[0] ?? "agent"];
  const file = `/help/guides/${guide}${language === "zh" ? ".zh" : ""}.md`;
  return page === null ? file : `${file}#${page.title[language].toLowerCase().replaceAll(" ", "-")}`;
}
