import type { Texts } from "../../texts/texts";

export const TEXTS = {
  title: { zh: "坐席的一天", en: "Agent day" },
  intro: {
    zh: "从签入到签出，一段接一段，没有空隙。每行一小时。",
    en: "From the sign-in to the sign-out, one part after the other, without a gap. A line is an hour.",
  },
  agent: { zh: "坐席", en: "Agent" },
  choose: { zh: "请选择坐席", en: "Choose an agent" },
  date: { zh: "日期", en: "Day" },
  before: { zh: "前一天", en: "Day before" },
  after: { zh: "后一天", en: "Day after" },
  again: { zh: "刷新", en: "Look again" },
  nothing: { zh: "这一天没有签入。", en: "Not signed in on this day." },
  drawing: { zh: "时间轴：{kinds}", en: "Time line: {kinds}" },
  kind: { zh: "类别", en: "Activity" },
  time: { zh: "时长", en: "Time" },
  share: { zh: "占比", en: "Share" },
  signedIn: { zh: "签入", en: "Signed in" },
  missed: { zh: "漏接振铃 {count} 次", en: "Rings not answered: {count}" },
  all: { zh: "所有时段（{count}）", en: "All parts ({count})" },
  from: { zh: "从", en: "From" },
  queue: { zh: "队列", en: "Queue" },
  notAnswered: { zh: "没有接起", en: "not answered" },
  call: { zh: "来电", en: "Call" },
  rona: { zh: "来电未接，自动示忙", en: "did not answer" },
  noCode: { zh: "没选小结代码", en: "gave no wrap-up code" },
} as const satisfies Texts;
