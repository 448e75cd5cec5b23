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

  earlier: { zh: "此号码的来电记录", en: "Earlier calls of this number" },
  first: { zh: "此号码没有来过电话", en: "This number has not called before" },
  unknown: { zh: "来电记录暂时查不到", en: "Earlier calls cannot be read now" },
  answered: { zh: "坐席已接", en: "answered" },
  line: { zh: "已转部门", en: "put through" },
  abandoned: { zh: "等候中挂断", en: "gave up" },
  overflowed: { zh: "未接通", en: "reached nobody" },
  message: { zh: "听了留言提示", en: "heard a message" },
  hungUp: { zh: "菜单中挂断", en: "hung up in the menu" },

  today: { zh: "今天", en: "Today" },
  calls: { zh: "接听 {count} 通", en: "{count} calls" },
  missed: { zh: "漏接 {count} 通", en: "{count} missed" },
  talk: { zh: "通话 {time}", en: "talk {time}" },
  wrapUp: { zh: "整理 {time}", en: "wrap-up {time}" },
} as const satisfies Texts;
