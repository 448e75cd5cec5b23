import type { Texts } from "../../texts/texts";

export const TEXTS = {
  title: { zh: "提示音", en: "Prompts" },
  intro: {
    zh: "市民能听到的每一句话，由谁来说，用在哪里。管理员可以在这里录音；新录音要启用以后才会听到（docs/prompts.md）。",
    en: "Every text that callers may hear, who speaks it, and where it is used. Administrators record here; calls hear it once it is taken into use (docs/prompts.md).",
  },
  find: { zh: "按内容或位置查找", en: "Find by words or place" },
  language: { zh: "语言", en: "Language" },
  everyLanguage: { zh: "全部语言", en: "Every language" },
  speaker: { zh: "谁说的", en: "Spoken by" },
  everySpeaker: { zh: "全部", en: "Everybody" },
  own: { zh: "也显示梧桐自带的语句和数字", en: "Wutong's own sentences and numbers too" },
  nothing: {
    zh: "没有符合条件的提示音：清空搜索，“语言”和“谁说的”都选“全部”。",
    en: "Nothing fits. Clear the search, and choose every language and every speaker.",
  },
  count: { zh: "{count} 句", en: "{count} shown" },
  text: { zh: "内容", en: "Text" },
  seconds: { zh: "时长", en: "Length" },
  where: { zh: "用在哪里", en: "Where it is used" },
  phrase: { zh: "梧桐自带", en: "Wutong's own" },
  number: { zh: "数字", en: "numbers" },
  recording: { zh: "真人录音", en: "a person" },
  voice: { zh: "合成语音", en: "the voice" },
  draft: { zh: "草稿语音（市民听不懂）", en: "the draft voice (not understood)" },
  missing: { zh: "还没有声音", en: "no sound yet" },
  silent: {
    zh: "放不出来：可能刚换过声音，或者这台电脑没有扬声器。请重新载入本页再试。",
    en: "It cannot be played. It may have been replaced, or this computer has no loudspeaker. Load the page again.",
  },
  doings: { zh: "试听", en: "Listen" },
  listen: { zh: "试听", en: "Listen" },
  stop: { zh: "停止", en: "Stop" },
} as const satisfies Texts;
