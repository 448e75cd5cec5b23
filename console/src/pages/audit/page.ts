import type { Page } from "../../frame/register";

export const page: Page = {
  name: "audit",
  title: { zh: "审计", en: "Audit" },
  roles: ["administrator"],
  order: 60,
  load: () => import("./Audit"),
};
