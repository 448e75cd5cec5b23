import type { Texts } from "../../../texts/texts";

export const TEXTS = {
  back: { zh: "返回来电列表", en: "Back to the calls" },
  gone: {
    zh: "没有这个来电，或者您的账号不能查看。",
    en: "There is no such call, or your account may not see it.",
  },
  hidden: { zh: "号码未显示", en: "Number hidden" },
  test: { zh: "测试呼叫", en: "test call" },
  way: { zh: "菜单中的路径", en: "Way through the menus" },
  notes: { zh: "小结和备注", en: "Codes and notes" },
  noNotes: { zh: "坐席没有写小结和备注。", en: "No agent has noted anything." },
  noteUnseen: { zh: "备注不在您的查看范围内，或者没有写。", en: "No note, or none that you may see." },
  line: { zh: "时间线", en: "Time line" },
  steps: { zh: "经过", en: "What happened" },
  at: { zh: "时刻", en: "At" },
  step: { zh: "事情", en: "What" },
  citizen: { zh: "市民", en: "Caller" },
  waitedFor: { zh: "等了 {time}", en: "waited {time}" },
  bar: { zh: "{who}：{what}，{from} 到 {to}", en: "{who}: {what}, {from} to {to}" },
  menu: { zh: "菜单", en: "menus" },
  wait: { zh: "排队", en: "waiting" },
  ring: { zh: "振铃", en: "ringing" },
  talk: { zh: "通话", en: "talk" },
  hold: { zh: "保持", en: "on hold" },
  consult: { zh: "咨询", en: "consulted" },
  after: { zh: "结束语", en: "goodbye" },

  other: { zh: "其他：{kind}", en: "{kind}" },
} as const satisfies Texts;
