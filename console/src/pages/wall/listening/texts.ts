import type { Texts } from "../../../texts/texts";

export const TEXTS = {
  listen: { zh: "旁听", en: "Listen" },
  whisper: { zh: "耳语", en: "Whisper" },
  join: { zh: "插话", en: "Join" },
  end: { zh: "结束", en: "End" },
  actions: { zh: "旁听 {id} {name}", en: "Listen to {id} {name}" },
  own: { zh: "您的旁听", en: "Your listening" },
  ringing: { zh: "您的话机在响，接起后开始旁听", en: "Your telephone rings: answer it to hear" },
  listening: { zh: "您在旁听", en: "You listen to" },
  whispering: { zh: "您在对坐席耳语", en: "You whisper to" },
  joined: { zh: "您已插话，双方都听得到", en: "Both sides hear you, in the talk of" },
  heardBy: { zh: "旁听：{who}", en: "Heard by {who}" },
  help: { zh: "求助", en: "Help" },
  helpCall: { zh: "{id} {name} 请求协助", en: "{id} {name} calls for help" },
  aside: { zh: "搁置", en: "Put aside" },
  noPhone: {
    zh: "您的账号没有话机。请管理员为账号加上坐席角色和工号。",
    en: "Your account has no telephone. Ask an administrator to give it the role agent and an agent's number.",
  },
  phone: { zh: "我的话机", en: "My telephone" },
  browser: { zh: "本浏览器", en: "This browser" },
  sip: { zh: "桌面话机", en: "A SIP phone" },
  connected: { zh: "已接入", en: "Connected" },
  notConnected: { zh: "未接入", en: "Not connected" },
  answer: { zh: "接听", en: "Answer" },
  hangUp: { zh: "挂断", en: "Hang up" },
} as const satisfies Texts;
