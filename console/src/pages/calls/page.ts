import type { Page } from "../../frame/register";

export const page: Page = {
  name: "calls",
  title: { zh: "来电", en: "Calls" },
  roles: ["supervisor", "administrator", "department"],
  order: 20,
  load: () => import("./Calls"),
};
