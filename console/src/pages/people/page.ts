import type { Page } from "../../frame/register";

export const page: Page = {
  name: "people",
  title: { zh: "人员", en: "People" },
  roles: ["administrator"],
  order: 50,
  load: () => import("./People"),
};
