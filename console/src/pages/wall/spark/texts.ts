import type { Texts } from "../../../texts/texts";

export const TEXTS = {
  meaning: {
    zh: "最近 60 分钟里，每分钟同时排队的最多人数",
    en: "The most callers who waited at once, in each of the last 60 minutes",
  },
  most: { zh: "一小时内最多 {count} 人，{ago} 分钟前", en: "hour: max {count}, {ago} min ago" },
  mostNow: { zh: "一小时内最多 {count} 人，就是现在", en: "hour: max {count}, now" },
  nobodyWaited: { zh: "一小时内无人排队", en: "hour: nobody waited" },
  notYet: { zh: "最近一小时还没有数据", en: "hour: no figures yet" },
} as const satisfies Texts;
