import type { Page } from "../../frame/register";

export const page: Page = {
  name: "emergency",
  title: { zh: "紧急公告", en: "Emergency" },
  roles: ["supervisor", "administrator", "operations"],
  order: 36,
  load: () => import("./EmergencyPage"),
};
