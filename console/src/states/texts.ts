import type { Texts } from "../texts/texts";

export const TEXTS = {
  ready: { zh: "就绪", en: "Ready" },
  ringing: { zh: "振铃", en: "Ringing" },
  onCall: { zh: "通话", en: "On call" },
  wrapUp: { zh: "整理", en: "Wrap-up" },
  notReady: { zh: "示忙", en: "Not ready" },
  unreachable: { zh: "话机不通", en: "Unreachable" },
  signedOut: { zh: "未签入", en: "Signed out" },
} as const satisfies Texts;
