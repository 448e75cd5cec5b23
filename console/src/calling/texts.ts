import type { Texts } from "../texts/texts";

export const TEXTS = {
  citizen: { zh: "呼叫市民…", en: "A citizen …" },
  title: { zh: "呼叫市民", en: "Call a citizen" },
  number: { zh: "市民的号码", en: "The citizen's number" },
  queue: { zh: "为哪个队列呼叫", en: "For which queue" },
  queueAndNumber: { zh: "{queue}（市民看到 {shown}）", en: "{queue} (the citizen sees {shown})" },
  hint: {
    zh: "您的话机先响；接起来以后，再拨市民的电话，最多振铃 30 秒。",
    en: "Your telephone rings first. Once you answer, the citizen's rings for 30 seconds at most.",
  },
  call: { zh: "呼叫", en: "Call" },
} as const satisfies Texts;
