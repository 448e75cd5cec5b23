import type { Texts } from "../../texts/texts";

export const TEXTS = {
  title: { zh: "席位", en: "Desk" },
  noAgent: {
    zh: "您的账号还没有对应的坐席。请管理员为账号指定坐席工号。",
    en: "Your account is no agent's yet. Ask an administrator to name the agent that it is.",
  },
  unseen: { zh: "热线里没有坐席 {id}。请找管理员。", en: "The hotline has no agent {id}. Ask an administrator." },

  state: { zh: "状态", en: "State" },
  beReady: { zh: "就绪", en: "Ready" },
  beAway: { zh: "示忙…", en: "Not ready …" },
  beOut: { zh: "签出", en: "Leave the queues" },
  noReason: { zh: "不说明", en: "No reason" },
  rona: {
    zh: "您漏接了来电，系统已将您置为示忙。按 R 恢复就绪。",
    en: "You missed a call, so you are not ready. R brings you back.",
  },
  noCode: {
    zh: "上一通电话没有小结代码，系统已将您置为示忙。",
    en: "Your last call never got its wrap-up code, so you are not ready.",
  },
  codeMissing: { zh: "请选小结代码", en: "Choose a wrap-up code" },
  after: { zh: "通话后：{state}", en: "After this call: {state}" },
  left: { zh: "剩余 {time}", en: "{time} left" },
  longer: { zh: "延长 30 秒", en: "30 s longer" },
  phoneGone: {
    zh: "电话不通，暂时不会给您分配来电。",
    en: "Your phone cannot be reached, so no calls come to you.",
  },

  phone: { zh: "话机", en: "Telephone" },
  browser: { zh: "本浏览器", en: "This browser" },
  desk: { zh: "桌面话机", en: "A SIP phone" },
  connecting: { zh: "正在接入…", en: "Connecting …" },
  registered: { zh: "已接入", en: "Connected" },
  tookOver: {
    zh: "已接入。之前的窗口不再是话机",
    en: "Connected. The other window is your telephone no more",
  },
  asking: { zh: "请允许使用麦克风。", en: "Allow this page to use the microphone." },
  denied: {
    zh: "浏览器不允许使用麦克风，不会给您分配来电。请点地址栏旁的图标，允许使用麦克风。",
    en: "The browser does not allow the microphone, so no calls come here. Allow it by the icon beside the address.",
  },
  missing: {
    zh: "找不到麦克风，不会给您分配来电。请接上耳麦。",
    en: "There is no microphone, so no calls come here. Plug in a headset.",
  },
  asleep: {
    zh: "麦克风没有声音进来，不会给您分配来电。请检查耳麦上的静音键。",
    en: "The microphone gives no sound, so no calls come here. Look at the headset's own mute switch.",
  },
  deaf: {
    zh: "麦克风没有声音进来，对方听不见您。请检查耳麦。",
    en: "The microphone gives no sound: the caller does not hear you. Look at the headset.",
  },
  lost: { zh: "网络中断，正在重新接入…", en: "The network is down; connecting again …" },
  refused: {
    zh: "话机未能接入：服务不允许。请重新载入本页；仍不行，请找管理员。",
    en: "The telephone was not let in. Load this page again; if that does not help, ask an administrator.",
  },
  elsewhere: {
    zh: "您的话机现在在另一个窗口或另一台电脑上。",
    en: "Another window or computer is your telephone now.",
  },
  useHere: { zh: "改用这里", en: "Use it here" },

  answer: { zh: "接听", en: "Answer" },
  decline: { zh: "拒接", en: "Decline" },
  mute: { zh: "静音", en: "Mute" },
  unmute: { zh: "取消静音", en: "Unmute" },
  hold: { zh: "保持", en: "Hold" },
  onHold: { zh: "来电人在听音乐，听不到您说话", en: "The caller hears music, and not you" },
  unhold: { zh: "取回", en: "Take back" },
  keys: { zh: "按键", en: "Keys" },
  hangUp: { zh: "挂断", en: "Hang up" },
  hangUpAgain: { zh: "再按一次挂断", en: "Press again" },
  record: { zh: "开始录音", en: "Record this talk" },
  recordingTold: { zh: "正在告知双方……", en: "Both hear that the talk is recorded …" },
  recorded: { zh: "正在录音", en: "Recording" },
  recordingPaused: { zh: "录音已暂停", en: "The recording pauses" },
  pauseRecording: { zh: "暂停录音", en: "Pause the recording" },
  resumeRecording: { zh: "继续录音", en: "Go on recording" },
  hiddenNumber: { zh: "号码未显示", en: "Number withheld" },
  nobody: { zh: "没有来电", en: "No call" },
  waited: { zh: "等了 {time}", en: "waited {time}" },
  out: { zh: "您呼叫市民", en: "you call the citizen" },
  test: { zh: "测试呼叫", en: "Test call" },
  entered: { zh: "来电者输入的{name}：{digits}", en: "{name}, entered by the caller: {digits}" },
  colleagues: { zh: "同事的记录", en: "Colleagues' notes on this call" },
  speaks: { zh: "语言：{language}", en: "language: {language}" },
} as const satisfies Texts;
