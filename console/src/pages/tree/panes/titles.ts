import type { Texts } from "../../../texts/texts";

/** What the tabs are called. */
export const TEXTS = {
  walk: { zh: "试走", en: "Walk" },
  try: { zh: "测试与重演", en: "Tests, replay" },
  compare: { zh: "对比", en: "Compare" },
  publish: { zh: "发布", en: "Publish" },
  versions: { zh: "历史版本", en: "Versions" },
} as const satisfies Texts;
