import type { Texts } from "../../texts/texts";

export const TEXTS = {
  title: { zh: "满意度", en: "Surveys" },
  intro: {
    zh: "坐席先挂断后，市民用按键评价。没有问到的也要看：市民先挂断、被转接、中断，都列在这里。",
    en: "What callers say with a key after the agent has ended the talk. Talks after which nobody was asked are counted, too.",
  },
  period: { zh: "时间", en: "Time" },
  today: { zh: "今天", en: "today" },
  week: { zh: "最近 7 天", en: "the last 7 days" },
  month: { zh: "最近 30 天", en: "the last 30 days" },
  since: { zh: "从 {day} 起。", en: "Since {day}." },
  nobody: {
    zh: "这段时间没有评价。队列写了 survey 才会问市民。",
    en: "Nobody was asked in this time. A queue asks its callers if it has a survey.",
  },
  queues: { zh: "队列", en: "Queues" },
  agents: { zh: "坐席", en: "Agents" },
  queue: { zh: "队列", en: "Queue" },
  agent: { zh: "坐席", en: "Agent" },
  offered: { zh: "问了", en: "Offered" },
  begun: { zh: "开始答", en: "Begun" },
  complete: { zh: "答完", en: "Complete" },
  answers: { zh: "每题平均分", en: "Mean of each question" },
  keys: { zh: "按键 {key}：{count} 人", en: "key {key}: {count}" },
  notAsked: { zh: "没有问", en: "Not asked" },
  hungUp: { zh: "市民先挂断 {count}", en: "the caller hung up first {count}" },
  transferred: { zh: "转接 {count}", en: "transferred {count}" },
  recently: { zh: "近期问过 {count}", en: "asked not long ago {count}" },
  share: { zh: "没有抽到 {count}", en: "not chosen {count}" },
  lost: { zh: "中断 {count}", en: "connection broke {count}" },
} as const satisfies Texts;
