import type { Page } from "../../frame/register";
import { TEXTS } from "./texts";

export const page: Page = {
  name: "messages",
  title: TEXTS.title,
  roles: ["agent", "supervisor", "administrator", "department"],
  order: 28,
  load: () => import("./Messages"),
};
