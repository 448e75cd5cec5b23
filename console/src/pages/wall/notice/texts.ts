import type { Texts } from "../../../texts/texts";

export const TEXTS = {
  write: { zh: "发布通知…", en: "News for the desks …" },
  change: { zh: "修改…", en: "Change …" },
  remove: { zh: "撤下", en: "Remove" },
  title: { zh: "给所有席位的通知", en: "News for all desks" },
  line: {
    zh: "一行文字，所有席位马上看到，撤下之前一直显示",
    en: "One line. Every desk shows it at once, until it is removed",
  },
  publish: { zh: "发布", en: "Show it" },
  empty: { zh: "请写通知内容。", en: "Write what the desks should know." },
} as const satisfies Texts;
