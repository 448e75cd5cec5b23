import type { Page } from "../../frame/register";

export const page: Page = {
  name: "day",
  title: { zh: "坐席的一天", en: "Agent day" },
  roles: ["agent", "supervisor", "administrator", "operations"],
  order: 31,
  aside: true,
  load: () => import("./Day"),
};
