import type { Texts } from "../../../texts/texts";

export const TEXTS = {
  call: { zh: "求助", en: "Help" },
  over: { zh: "取消求助", en: "No help needed" },
  called: { zh: "已向班长求助 {time}", en: "Help called for {time} ago" },
} as const satisfies Texts;
