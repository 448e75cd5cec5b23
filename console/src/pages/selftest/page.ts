import type { Page } from "../../frame/register";
import { TEXTS } from "./texts";

export const page: Page = {
  name: "selftest",
  title: TEXTS.title,
  roles: ["administrator", "operations"],
  order: 41,
  load: () => import("./Selftest"),
};
