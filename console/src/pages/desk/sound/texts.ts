import type { Texts } from "../../../texts/texts";

export const TEXTS = {
  open: { zh: "声音与耳麦", en: "Sound and headset" },
  untested: {
    zh: "接第一通电话前，请先试一下耳麦。",
    en: "Test the headset before the first call.",
  },
  silenced: {
    zh: "浏览器暂时不让本页出声，来电时听不到铃声。请在页面上点一下，或按任意键。",
    en: "The browser keeps this page silent, so a call would not be heard. Click anywhere here, or press any key.",
  },
  microphoneGone: {
    zh: "{label} 没有接上，现在用的麦克风是：{used}。",
    en: "{label} is not connected. The microphone is now: {used}.",
  },
  earGone: {
    zh: "{label} 没有接上，来电者的声音从系统默认设备出来。",
    en: "{label} is not connected. You hear callers where the system plays sound.",
  },
  ringGone: {
    zh: "{label} 没有接上，铃声从系统默认设备出来。",
    en: "{label} is not connected. It rings where the system plays sound.",
  },

  microphone: { zh: "麦克风", en: "Microphone" },
  ear: { zh: "听筒", en: "You hear callers on" },
  ring: { zh: "铃声", en: "It rings on" },
  system: { zh: "系统默认", en: "The system's choice" },
  isGone: { zh: "{label}（未接上）", en: "{label} (not connected)" },
  undivided: {
    zh: "本浏览器只能从系统默认设备出声。Chrome 和 Edge 可以让铃声和通话分开。",
    en: "This browser plays everything where the system does. Chrome and Edge can ring and talk on different devices.",
  },
  level: { zh: "麦克风音量", en: "Level of the microphone" },
  closed: { zh: "麦克风没有打开。", en: "The microphone is not open." },

  record: { zh: "录 3 秒听听", en: "Record 3 s and listen" },
  speak: { zh: "请说话…还有 {seconds} 秒", en: "Speak now … {seconds} s" },
  hear: { zh: "现在您应当听到自己的声音…", en: "Now you should hear yourself …" },
  tone: { zh: "听一声", en: "Play a tone" },
  ringOnce: { zh: "响一下", en: "Ring once" },
  failed: { zh: "没有成功：浏览器不能录音或播放。", en: "That did not work: the browser cannot record or play." },
  silent: {
    zh: "没有听到声音。请检查耳麦上的静音键，或换一个麦克风。",
    en: "Nothing was heard. Look at the headset's own mute switch, or choose another microphone.",
  },
  quiet: {
    zh: "声音太小，对方会听不清。请把麦克风移近嘴边，或调高系统里的麦克风音量。",
    en: "Too quiet to be understood well. Move the microphone closer, or turn it up in the system's settings.",
  },
  good: {
    zh: "声音正常。如果刚才听到了自己的声音，就可以接电话了。",
    en: "The level is good. If you have heard yourself, you are ready for calls.",
  },
  clipped: {
    zh: "声音太大，会失真。请把麦克风移远一点，或调低系统里的麦克风音量。",
    en: "Too loud: it is distorted. Move the microphone away, or turn it down in the system's settings.",
  },

  buttons: { zh: "耳麦按键", en: "Headset buttons" },
  paired: { zh: "{name}：按键可以接听、挂断、静音", en: "{name}: its buttons answer, hang up and mute" },
  unpaired: { zh: "用耳麦上的按键接听、挂断、静音", en: "Answer, hang up and mute by the headset's own buttons" },
  pair: { zh: "连接耳麦…", en: "Connect …" },
  unpairable: {
    zh: "本浏览器不支持耳麦按键，Chrome 和 Edge 支持。",
    en: "This browser does not know headset buttons. Chrome and Edge do.",
  },

  notice: { zh: "桌面通知", en: "Desktop notification" },
  noticeOf: {
    zh: "看着别的窗口时，来电会弹出通知。通知里只有队列名称，没有来电号码。",
    en: "It tells of a call while you look at another window: the queue, never the caller's number.",
  },
  allow: { zh: "打开通知", en: "Turn it on" },
  allowed: { zh: "已打开", en: "It is on" },
  refused: {
    zh: "浏览器不允许通知。请点地址栏旁的图标，允许通知。",
    en: "The browser does not allow it. Allow notifications by the icon beside the address.",
  },
  offer: { zh: "来电：{queue}", en: "A call: {queue}" },
  offerOfNone: { zh: "来电", en: "A call" },
  offerHint: { zh: "点这里回到席位页面接听", en: "Click to go to the desk and answer" },

  close: { zh: "完成", en: "Done" },
} as const satisfies Texts;
