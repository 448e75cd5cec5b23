import type { Page } from "../../frame/register";

export const page: Page = {
  name: "account",
  title: { zh: "我的账号", en: "Your account" },
  roles: ["agent", "supervisor", "administrator", "operations", "department"],
  order: 90,
  aside: true,
  load: () => import("./Account"),
};
