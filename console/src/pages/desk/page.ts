import type { Page } from "../../frame/register";
import { TEXTS } from "./texts";

export const page: Page = {
  name: "desk",
  title: TEXTS.title,
  roles: ["agent"],
  order: 5,
  load: () => import("./Desk"),
};
