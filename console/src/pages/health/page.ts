import type { Page } from "../../frame/register";

export const page: Page = {
  name: "health",
  title: { zh: "运行", en: "Health" },
  roles: ["administrator", "operations"],
  order: 40,
  load: () => import("./Health"),
};
