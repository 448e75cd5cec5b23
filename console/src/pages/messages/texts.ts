import type { Texts } from "../../texts/texts";

export const TEXTS = {
  title: { zh: "留言", en: "Messages" },
  intro: {
    zh: "市民留下的话，最早的在最前面。先领取，回电以后写备注并完成；别人领取的留言不用管。",
    en: "What callers have left, the oldest first. Take a message, call back, then finish it with a note. Nobody else can take it meanwhile.",
  },
  nothing: { zh: "没有留言。", en: "There are no messages." },
  number: { zh: "号码", en: "Number" },
  hidden: { zh: "号码未显示", en: "hidden" },
  queue: { zh: "队列", en: "Queue" },
  at: { zh: "时间", en: "Left" },
  length: { zh: "时长", en: "Length" },
  sound: { zh: "收听", en: "Listen" },
  who: { zh: "谁在处理", en: "Taken by" },
  mine: { zh: "您", en: "you" },
  doings: { zh: "操作", en: "What to do" },
  take: { zh: "领取", en: "Take" },
  back: { zh: "退回", en: "Give back" },
  done: { zh: "完成", en: "Done" },
  remove: { zh: "删除", en: "Delete" },
  story: { zh: "看经过", en: "Story" },
  doneTitle: { zh: "{number} 的留言处理完了？", en: "Is the message of {number} done?" },
  doneHint: {
    zh: "留言会从这里消失，录音会删除，备注留在来电经过里。",
    en: "The message leaves the list, and its sound is removed. The note stays in the story of the call.",
  },
  note: { zh: "备注（可不填）", en: "Note (may be empty)" },
  removeTitle: { zh: "删除 {number} 的留言？", en: "Delete the message of {number}?" },
  removeHint: {
    zh: "没有人会再听到这条留言。不用回复的，例如骚扰，才删除。",
    en: "Nobody will hear it again. Delete what needs no answer, such as abuse.",
  },
  more: { zh: "只显示最早的 {count} 条。", en: "These are the oldest {count}." },
} as const satisfies Texts;
