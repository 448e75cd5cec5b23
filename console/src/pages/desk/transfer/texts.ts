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
  find: { zh: "名称或号码", en: "Name or number" },
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

  holding: { zh: "正在保持来电…", en: "Putting the caller on hold …" },
  calling: { zh: "正在呼叫，来电者听音乐", en: "Calling. The caller hears music." },
  withConsult: { zh: "您与对方通话，来电者听音乐", en: "You talk here. The caller hears music." },
  withCaller: { zh: "您与来电者通话，对方听音乐", en: "You talk with the caller. Music plays here." },
  alone: { zh: "来电者已挂断，您与对方通话", en: "The caller has hung up. You talk here." },
  join: { zh: "接通双方", en: "Join" },
  swap: { zh: "切换", en: "Swap" },
  back: { zh: "返回来电", en: "Back to the caller" },
  music: { zh: "来电者还在听音乐。", en: "The caller still hears music." },

  declined: { zh: "对方拒接", en: "declined" },
  isBusy: { zh: "对方占线", en: "is busy" },
  noAnswer: { zh: "无人接听", en: "did not answer" },
  notReached: { zh: "无法接通", en: "cannot be reached" },
  hasEnded: { zh: "对方已挂断", en: "has hung up" },
  outcome: { zh: "咨询 {name}：{what}", en: "{name} {what}" },

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
  asksYou: {
    zh: "{agent}向您咨询这通来电，来电者在听音乐",
    en: "{agent} asks you about this call. The caller hears music.",
  },
} as const satisfies Texts;
