import type { Texts } from "../../texts/texts";

export const TEXTS = {
  title: { zh: "大厅", en: "Wall" },
} as const satisfies Texts;
