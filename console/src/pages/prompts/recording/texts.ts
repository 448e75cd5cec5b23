import type { Texts } from "../../../texts/texts";

export const TEXTS = {
  recordTitle: { zh: "录制提示音", en: "Record a prompt" },
  read: { zh: "请照着念", en: "Read this aloud" },
  record: { zh: "开始录音", en: "Record" },
  again: { zh: "重新录音", en: "Record again" },
  stop: { zh: "停止", en: "Stop" },
  choose: { zh: "选择文件…", en: "Choose a file …" },
  drop: { zh: "也可以把录音文件拖到这里。", en: "Or drop an audio file here." },
  microphone: { zh: "麦克风", en: "Microphone" },
  level: { zh: "录音音量", en: "Level of the recording" },
  opening: { zh: "正在打开麦克风…", en: "Opening the microphone …" },
  recording: { zh: "正在录音：{time}，最长 {most}", en: "Recording: {time} of {most} at most" },
  reading: { zh: "正在读取…", en: "Reading …" },
  ready: { zh: "长度 {time}。先听一遍，再决定是否保留。", en: "{time} long. Hear it, then keep it." },
  hear: { zh: "听一遍", en: "Hear it" },
  hearing: { zh: "停止播放", en: "Stop" },
  keep: { zh: "保留", en: "Keep" },
  later: {
    zh: "保留以后，要等下次启用配置，新来电才会听到。",
    en: "New calls hear it after the next reload of the hotline.",
  },
  mute: { zh: "放不出来：这台电脑没有可用的扬声器。", en: "It cannot be played: this computer has no loudspeaker." },

  denied: {
    zh: "浏览器不允许本页使用麦克风。请点地址栏旁的图标，允许麦克风，再试一次。",
    en: "The browser does not let this page use the microphone. Allow it by the icon beside the address, and try again.",
  },
  missing: {
    zh: "没有找到麦克风。请接上麦克风再试，或者选择一个录音文件。",
    en: "There is no microphone. Connect one and try again, or choose a file.",
  },
  busy: {
    zh: "麦克风打不开，可能别的程序正在使用。请关掉那个程序再试。",
    en: "The microphone cannot be opened. Another program may be using it: close that, and try again.",
  },
  insecure: {
    zh: "浏览器只在 https 页面上提供麦克风。请用 https 打开控制台，或者选择一个录音文件。",
    en: "Browsers give a microphone only to pages under https. Open the console that way, or choose a file.",
  },
  unable: {
    zh: "这个浏览器不能录音。请换用新版的 Chrome、Edge 或 Firefox，或者选择一个录音文件。",
    en: "This browser cannot record. Use a recent Chrome, Edge or Firefox, or choose a file.",
  },
  notRead: {
    zh: "浏览器读不了这个文件。请用 WAV、MP3、M4A、FLAC 或 Ogg 格式，不超过 100 MB。",
    en: "The browser cannot read that file. Use WAV, MP3, M4A, FLAC or Ogg, of 100 MB at most.",
  },
  quiet: {
    zh: "声音偏小。靠近麦克风再录一遍，会更清楚。",
    en: "It is soft. Closer to the microphone it would be clearer.",
  },
  unreadable: { zh: "读不了这段录音。", en: "The recording cannot be read." },
  tooLong: {
    zh: "录音超过了 2 分钟。请缩短，或者把这句话分成几句。",
    en: "It is longer than 2 minutes. Divide the text.",
  },
  tooShort: {
    zh: "录音太短，听不出内容。请重录。",
    en: "It is over before anything can be understood. Record it again.",
  },
  silent: {
    zh: "录音里几乎没有声音。请检查麦克风和静音开关，再录一遍。",
    en: "Hardly anything is heard in it. Look at the microphone and its mute switch, and record it again.",
  },
  clipped: {
    zh: "声音太大，已经失真。请离麦克风远一点，或调低音量，再录一遍。",
    en: "It is too loud and crackles. Move away from the microphone or turn it down, and record it again.",
  },
  changed: {
    zh: "刚才有别人录制或删除了这句话的录音。请关闭，重新载入本页，先听听再说。",
    en: "Somebody else has just recorded this text or removed its recording. Close this, load the page again and listen first.",
  },

  recordNew: { zh: "录音…", en: "Record …" },
  recordAnew: { zh: "重录…", en: "Record anew …" },
  remove: { zh: "删除…", en: "Remove …" },
  removeTitle: { zh: "删除这句话的录音？", en: "Remove the recording of this text?" },
  removeDo: { zh: "删除", en: "Remove" },
  removeThen: {
    zh: "下次启用配置以后，这句话改由合成语音来说。录音不能恢复。",
    en: "After the next reload the voice speaks this text. The recording cannot be brought back.",
  },
  listenNew: { zh: "试听新录音", en: "Listen to the new one" },
  pendingNew: { zh: "有新录音，还没有启用", en: "a new recording, not in use yet" },
  pendingNone: { zh: "录音已删除，还没有启用", en: "removed; still in use" },
  manage: { zh: "录音", en: "Recording" },
  waiting: {
    zh: "{count} 句的录音有变动，还没有启用：来电听到的仍是原来的。",
    en: "Changed recordings that are not in use yet: {count}. Calls hear what they heard before.",
  },
  use: { zh: "启用…", en: "Take them into use …" },
  useDo: { zh: "启用", en: "Take into use" },
  useTitle: { zh: "启用新的录音？", en: "Take the new recordings into use?" },
  useAll: {
    zh: "整个配置目录会重新载入：hotline.yaml 和 agents.yaml 里还没有启用的修改也会一起启用。",
    en: "The whole folder is loaded again: edits of hotline.yaml and agents.yaml come into use with it.",
  },
  useCalls: {
    zh: "新来电听到新的录音；已经打进来的不受影响。坐席临时调整的技能会恢复成 agents.yaml 里写的。",
    en: "New calls hear the new recordings; calls that are here do not. Skills of agents that were set for the time being end.",
  },
  used: { zh: "已启用。", en: "They are in use." },
} as const satisfies Texts;
