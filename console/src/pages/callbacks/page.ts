import type { Page } from "../../frame/register";

export const page: Page = {
  name: "callbacks",
  title: { zh: "回拨", en: "Callbacks" },
  roles: ["agent", "supervisor", "administrator", "department"],
  order: 26,
  load: () => import("./Callbacks"),
};
