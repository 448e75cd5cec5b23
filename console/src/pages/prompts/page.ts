import type { Page } from "../../frame/register";

export const page: Page = {
  name: "prompts",
  title: { zh: "提示音", en: "Prompts" },
  roles: ["supervisor", "administrator", "operations"],
  order: 33,
  load: () => import("./Prompts"),
};
