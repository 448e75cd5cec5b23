import type { Texts } from "../../../texts/texts";

export const TEXTS = {
  title: { zh: "坐席 {id} {name}", en: "Agent {id} {name}" },
  inCall: { zh: "查看这通来电", en: "The call" },
  today: { zh: "今天", en: "Today" },
  figures: {
    zh: "接听 {calls} 通 · 漏接 {missed} 通 · 通话 {talk} · 整理 {wrapUp}",
    en: "{calls} calls · {missed} missed · talk {talk} · wrap-up {wrapUp}",
  },
  noCalls: { zh: "今天还没有接过电话。", en: "No calls yet today." },
  theDay: { zh: "一天的时间轴", en: "Time line of the day" },
  allCalls: { zh: "今天的全部来电", en: "All calls of today" },
  hidden: { zh: "号码未显示", en: "Number hidden" },
  skills: { zh: "技能", en: "Skills" },
  noSkills: { zh: "没有技能，不会分到队列的来电。", en: "None: no queue offers this agent calls." },
  listen: { zh: "旁听", en: "Listen" },
  newState: { zh: "更改状态", en: "Change the state" },
  reason: { zh: "原因", en: "Reason" },
  noReason: { zh: "不说明", en: "No reason" },
  otherReason: { zh: "其他…", en: "Another one …" },
  ownWords: { zh: "自己写", en: "In your words" },
  reasonHint: { zh: "坐席和记录里都能看到。", en: "The agent and the records see it." },
  afterCall: { zh: "坐席正在服务市民，这次结束后生效。", en: "The agent is with a caller; it holds after that." },
  change: { zh: "更改", en: "Change" },
} as const satisfies Texts;
