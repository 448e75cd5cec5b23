import type { Texts } from "../../../texts/texts";

export const TEXTS = {
  transfer: { zh: "转接", en: "Transfer" },
  consult: { zh: "咨询", en: "Consult" },
  toWhom: { zh: "转给谁？", en: "Transfer to" },
  askWhom: { zh: "先问谁？", en: "Consult" },
  byPhone: {
    zh: "请用话机上的转接键，拨这里的号码。",
    en: "Transfer with your telephone's own key, and dial one of these numbers.",
  },
  callWhom: { zh: "呼叫谁？", en: "Call" },
  fits: { zh: "懂这项业务", en: "knows the subject" },
  find: { zh: "名称、拼音首字母或号码", en: "Name, pinyin initials or number" },
  none: { zh: "没有符合的对象", en: "Nobody is found" },
  queue: { zh: "队列", en: "Queue" },
  agent: { zh: "坐席", en: "Agent" },
  department: { zh: "部门", en: "Department" },
  number: { zh: "外线", en: "Outside" },
  noWait: { zh: "无人等待", en: "nobody waits" },
  wait: { zh: "{count} 人等待，最长 {time}", en: "{count} waiting, longest {time}" },
  estimate: { zh: "预计 {count} 分钟", en: "about {count} min" },
  ready: { zh: "{count} 席就绪", en: "{count} ready" },
  busy: { zh: "话机忙", en: "phone busy" },
  unreachable: { zh: "话机不通", en: "phone unreachable" },

  calling: { zh: "正在呼叫，来电者听音乐", en: "Calling. The caller hears music." },
  withConsult: { zh: "您与对方通话，来电者听音乐", en: "You talk here. The caller hears music." },
  queueing: { zh: "您在队列中等待，来电者听音乐", en: "You wait in the queue. The caller hears music." },
  callerWaits: { zh: "让来电者在队列中等", en: "Let the caller wait there" },
  three: { zh: "三方通话中", en: "The three of you talk." },
  joinThree: { zh: "三方通话", en: "Join: all three talk" },
  complete: { zh: "交给对方", en: "Complete: leave the two" },
  withoutThird: { zh: "请对方退出", en: "Without the third" },
  notAnswered: { zh: "{name}未接听（{what}），您与来电者通话", en: "{name} {what}. You talk with the caller." },
  back: { zh: "返回来电", en: "Back to the caller" },

  declined: { zh: "对方拒接", en: "declined" },
  isBusy: { zh: "对方占线", en: "is busy" },
  noAnswer: { zh: "无人接听", en: "did not answer" },
  notReached: { zh: "无法接通", en: "cannot be reached" },

  asked: { zh: "正在转接 {name}…", en: "Transferring to {name} …" },
  refused: {
    zh: "未能转接 {name}，您仍与来电者通话。",
    en: "The transfer to {name} was refused. You still have the caller.",
  },
  sent: { zh: "已转给 {name}", en: "Transferred to {name}." },
  answered: { zh: "已转给 {name}，双方正在通话。", en: "Transferred to {name}: they talk." },
  failed: {
    zh: "转接 {name} 未成功（{what}）。来电者已听到说明：您空闲时转回给您，否则排在队列最前。",
    en: "{name} {what}. The caller hears so, and comes back to you if you are free, else to the front of the queue.",
  },
  left: { zh: "来电者已挂断。", en: "The caller has hung up." },
  close: { zh: "知道了", en: "Close" },

  cameBack: { zh: "转接 {name} 未成功（{what}），来电转回", en: "Back from a transfer: {name} {what}" },
  cameFrom: { zh: "由{agent}转来", en: "Transferred by {agent}" },
  asksAbout: {
    zh: "{agent}通过队列向您咨询 {number} 的来电，来电者在听音乐",
    en: "{agent} asks you, through the queue, about the call of {number}. The caller hears music.",
  },
  asksYou: {
    zh: "{agent}向您咨询这通来电，来电者在听音乐",
    en: "{agent} asks you about this call. The caller hears music.",
  },
} as const satisfies Texts;
