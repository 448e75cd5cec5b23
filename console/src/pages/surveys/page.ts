import type { Page } from "../../frame/register";
import { TEXTS } from "./texts";

export const page: Page = {
  name: "surveys",
  title: TEXTS.title,
  roles: ["supervisor", "administrator"],
  order: 27,
  load: () => import("./Surveys"),
};
