import type { Page } from "../../frame/register";

export const page: Page = {
  name: "hotline",
  title: { zh: "配置", en: "Hotline" },
  roles: ["administrator"],
  order: 35,
  load: () => import("./Hotline"),
};
