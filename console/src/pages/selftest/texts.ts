import type { Texts } from "../../texts/texts";

export const TEXTS = {
  title: { zh: "拨测", en: "Self-test" },
  intro: {
    zh: "热线像市民一样给自己打电话，一条路径一条路径地拨，指出和菜单树不符的地方。不响坐席的话机，不计入统计；有市民排队就让开。",
    en: "The hotline calls itself as a citizen would, path by path, and says what differs from the menu tree. No agent's phone rings, no figure counts it, and it steps aside when citizens wait.",
  },
  nightly: { zh: "每晚 {at} 自动拨测。", en: "It runs each night at {at}." },
  never: { zh: "没有设置每晚自动拨测。", en: "It does not run each night: no time is set." },
  begin: { zh: "开始拨测", en: "Begin a self-test" },
  stop: { zh: "停止", en: "Stop" },
  none: { zh: "还没有拨测过。", en: "There was no self-test yet." },
  running: { zh: "正在拨测：{called} / {ways}　{way}", en: "Running: {called} of {ways}. {way}" },
  over: { zh: "{time}，拨了 {ways} 通中的 {called} 通", en: "{time}: {called} of {ways} calls" },
  stopped: { zh: "没有全部拨完：{why}", en: "Not all calls were made: {why}" },
  right: { zh: "全部相符。", en: "Nothing differs." },
  slowest: { zh: "最慢 {seconds} 秒接通到人。", en: "A person answered after {seconds} s at most." },
  spared: {
    zh: "没有允许拨测、未振铃的分热线：{lines}",
    en: "Sub-hotlines that do not allow it, and were not rung: {lines}",
  },
  deaf: {
    zh: "没有语音识别：只检查了有没有声音，没有检查话说得对不对。",
    en: "Without the recogniser: it checked that something is heard, not that the words are right.",
  },
  number: { zh: "号码", en: "Number" },
  keys: { zh: "按键", en: "Keys" },
  what: { zh: "哪里不符", en: "What differs" },
  silence: { zh: "不按键", en: "silence" },
  more: { zh: "还有 {more} 处。", en: "And {more} more." },
} satisfies Texts;
