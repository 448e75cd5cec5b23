import type { Texts } from "../../../texts/texts";

export const TEXTS = {
  noPhone: { zh: "您还没有可用的话机", en: "You have no telephone yet" },
  noPhoneWhy: {
    zh: "您的桌面话机没有接入，所以不会有来电。戴上耳麦，这个浏览器就是您的话机。",
    en: "No SIP phone of yours is connected, so no calls come. With a headset, this browser is your telephone.",
  },
  useBrowser: { zh: "使用本浏览器", en: "Use this browser" },

  queues: { zh: "我的队列", en: "Your queues" },
  noQueues: {
    zh: "您的技能还不能接任何队列。请班长设置技能。",
    en: "Your skills fit no queue yet. Ask a supervisor to set them.",
  },
  moreQueues: { zh: "另有 {count} 个队列", en: "{count} more queues" },
  waits: { zh: "{count} 人等待，最长 {time}", en: "{count} waiting, longest {time}" },
  nobody: { zh: "无人等待", en: "nobody waits" },
  closed: { zh: "已下班", en: "closed" },
  ready: { zh: "{count} 席就绪", en: "{count} ready" },

  colleagues: { zh: "同事", en: "Colleagues" },
  noColleagues: { zh: "现在没有同事签入。", en: "No colleague is signed in now." },
  free: { zh: "{count} 席空闲", en: "{count} free" },
  more: { zh: "另有 {count} 席，呼叫时可查找", en: "{count} more: find them by Call" },

  call: { zh: "呼叫…", en: "Call …" },
  calling: { zh: "正在呼叫 {name}：您的话机先响，接听后接通。", en: "Calling {name}: your telephone rings first." },

  last: { zh: "我最近的通话", en: "Your last calls" },
  noCalls: { zh: "还没有通话。就绪后，来电会显示在这里。", en: "No calls yet. Be ready, and they come here." },
  unread: { zh: "最近的通话暂时查不到", en: "Your last calls cannot be read now" },
  out: { zh: "外呼", en: "called by you" },
  hidden: { zh: "号码未显示", en: "number withheld" },
  cut: { zh: "因故障中断", en: "cut off by a failure" },
  open: { zh: "未选代码", en: "no code yet" },
  finish: { zh: "补填", en: "Finish" },
  edit: { zh: "打开", en: "Open" },
  about: { zh: "{time} 的通话记录", en: "About the call of {time}" },
  back: { zh: "收起", en: "Close" },
} as const satisfies Texts;
