import type { Page } from "../../frame/register";
import { TEXTS } from "./texts";

export const page: Page = {
  name: "reports",
  title: TEXTS.title,
  roles: ["supervisor", "administrator", "operations", "department"],
  order: 15,
  load: () => import("./Reports"),
};
