import type { Texts } from "../../../texts/texts";

export const TEXTS = {
  alsoFrom: { zh: "还用这个号码来电：", en: "Also calls from" },
  linkOne: { zh: "关联此人的另一个号码…", en: "Another number of this person …" },
  link: { zh: "关联", en: "Link" },
  unlink: { zh: "取消关联", en: "Unlink" },
  unlinkOf: { zh: "取消关联 {number}", en: "Unlink {number}" },
  out: { zh: "外呼", en: "called by us" },
  from: { zh: "来自", en: "from" },

  earlier: { zh: "此号码的来电记录", en: "Earlier calls of this number" },
  first: { zh: "此号码没有来过电话", en: "This number has not called before" },
  unknown: { zh: "来电记录暂时查不到", en: "Earlier calls cannot be read now" },
  answered: { zh: "坐席已接", en: "answered" },
  line: { zh: "已转分热线", en: "put through" },
  abandoned: { zh: "等候中挂断", en: "gave up" },
  overflowed: { zh: "未接通", en: "reached nobody" },
  message: { zh: "听了语音播报", en: "heard a message" },
  cut: { zh: "因故障中断", en: "cut off by a failure" },
  hungUp: { zh: "菜单中挂断", en: "hung up in the menu" },

  open: { zh: "{time} 的来电：打开全部经过", en: "The call of {time}: the whole story" },
  title: { zh: "{time} 的来电", en: "The call of {time}" },
  way: { zh: "菜单路径", en: "Way through the menus" },
  entered: { zh: "来电者输入", en: "Entered by the caller" },
  talks: { zh: "通话", en: "Talks" },
  transfers: { zh: "转接", en: "Transfers" },
  sent: { zh: "{from} 转给 {to}", en: "{from} to {to}" },
  notes: { zh: "备注", en: "Notes" },
  noNotes: { zh: "没有备注", en: "No notes" },
} as const satisfies Texts;
