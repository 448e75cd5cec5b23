import type { Texts } from "../../../texts/texts";

export const TEXTS = {
  ofCall: { zh: "这通电话的记录", en: "About this call" },
  ofLast: { zh: "上一通电话的记录", en: "About the last call" },
  notes: { zh: "备注", en: "Notes" },
  saved: { zh: "已保存", en: "Saved" },
  saving: { zh: "正在保存…", en: "Saving …" },
  unsaved: { zh: "尚未保存，稍后自动再试：{why}", en: "Not saved yet, tried again soon: {why}" },
  refused: { zh: "未能保存：{why}", en: "Not saved: {why}" },
  code: { zh: "小结代码", en: "Wrap-up code" },
  needed: { zh: "必填：选好之后才会给您分配来电", en: "Needed: no call comes before it" },
  search: { zh: "查找代码", en: "Find a code" },
  noMatch: { zh: "没有这样的代码", en: "No such code" },
  chosen: { zh: "已选：{name}", en: "Chosen: {name}" },

  myDay: { zh: "我的一天", en: "My day" },
  today: { zh: "今天", en: "Today" },
  calls: { zh: "接听 {count} 通", en: "{count} calls" },
  missed: { zh: "漏接 {count} 通", en: "{count} missed" },
  talk: { zh: "通话 {time}", en: "talk {time}" },
  wrapUp: { zh: "整理 {time}", en: "wrap-up {time}" },
} as const satisfies Texts;
