import type { Page } from "../../frame/register";

export const page: Page = {
  name: "agents",
  title: { zh: "坐席", en: "Agents" },
  roles: ["supervisor", "administrator"],
  order: 30,
  load: () => import("./Agents"),
};
