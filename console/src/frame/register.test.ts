import { expect, test } from "vitest";
import type { Role, SessionOut } from "../api/schema";
import { PAGES, type Page, pageAt, pagesOf } from "./register";

const who = (...roles: Role[]) => ({ roles }) as unknown as SessionOut;
const page = (name: string, order: number, ...roles: Role[]): Page => ({ name, order, roles }) as unknown as Page;
const pages = [
  page("desk", 1, "agent"),
  page("wall", 2, "supervisor", "administrator"),
  page("people", 3, "administrator"),
];

test("every folder of a page is in the register, under its own name", () => {
  const folders = Object.keys(import.meta.glob("../pages/*/*.ts")).map((path) => path.split("/")[2]);
  expect(PAGES.map(({ name }) => name).sort()).toEqual([...new Set(folders)].sort());
  expect(new Set(PAGES.map(({ order }) => order)).size).toBe(PAGES.length);
});

test("a person has the pages of all own roles, and starts at the first", () => {
  const names = (...roles: Role[]) => pagesOf(who(...roles), pages).map(({ name }) => name);
  expect(names("agent")).toEqual(["desk"]);
  expect(names("agent", "administrator")).toEqual(["desk", "wall", "people"]);
  expect(names("operations")).toEqual([]);
  expect(pageAt("/", who("supervisor"), pages)?.name).toBe("wall");
  expect(pageAt("/wall", who("administrator"), pages)?.name).toBe("wall");
  expect(pageAt("/people", who("supervisor"), pages)).toBeNull();
  expect(pageAt("/nothing", who("supervisor"), pages)).toBeNull();
});
