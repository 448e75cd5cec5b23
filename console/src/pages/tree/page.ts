import type { Page } from "../../frame/register";

export const page: Page = {
  name: "tree",
  title: { zh: "菜单", en: "Menus" },
  roles: ["supervisor", "administrator", "operations"],
  order: 34,
  load: () => import("./Tree"),
};
