import type { Texts } from "../../texts/texts";

export const TEXTS = {
  title: { zh: "未接通", en: "Missed callers" },
  intro: {
    zh: "打来过、但还没有人和他们说上话的市民。只要有人在热线里和他们通话，就会自动从这里消失。",
    en: "Nobody has spoken with these callers yet. A caller leaves the list once somebody speaks with the caller over the hotline.",
  },
  nobody: { zh: "没有人在等回音。", en: "Nobody waits for an answer." },
  number: { zh: "号码", en: "Number" },
  queue: { zh: "队列", en: "Queue" },
  whole: { zh: "整个热线", en: "the whole hotline" },
  why: { zh: "原因", en: "Why" },
  times: { zh: "次数", en: "Tries" },
  waited: { zh: "最长等待", en: "Longest wait" },
  first: { zh: "第一次", en: "First tried" },
  last: { zh: "最近一次", en: "Last tried" },
  gaveUp: { zh: "等候中挂断", en: "gave up waiting" },
  cut: { zh: "等候中因故障中断", en: "waited, and was cut off by a failure" },
  overflowed: { zh: "被分流后没有接通", en: "was sent on, and reached nobody" },
  closed: { zh: "不在服务时间", en: "came when it was closed" },
  refused: { zh: "来电太多，没有接入", en: "there were too many calls" },
  notReached: { zh: "回拨没有打通", en: "was called back, and not reached" },
  again: { zh: "正在再次来电", en: "calls again now" },
  call: { zh: "呼叫", en: "Call" },
  done: { zh: "已处理", en: "Done" },
  doneTitle: { zh: "不用再回电给 {number}？", en: "Need nobody call {number} back?" },
  doneHint: {
    zh: "这位市民会从名单里消失，备注留在来电经过里。",
    en: "The citizen leaves the list. The note stays in the story of the call.",
  },
  note: { zh: "备注（可不填）", en: "Note (may be empty)" },
  more: { zh: "后面还有 {count} 位。", en: "{count} more, who have tried later." },
} as const satisfies Texts;
