import type { Page } from "../../frame/register";
import { TEXTS } from "./texts";

export const page: Page = {
  name: "wall",
  title: TEXTS.title,
  roles: ["supervisor", "administrator", "operations", "department"],
  order: 10,
  load: () => import("./Wall"),
};
