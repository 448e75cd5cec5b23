import type { Page } from "../../frame/register";
import { TEXTS } from "./texts";

export const page: Page = {
  name: "missed",
  title: TEXTS.title,
  roles: ["agent", "supervisor", "administrator", "department"],
  order: 25,
  load: () => import("./Missed"),
};
