import type { Texts } from "../../../texts/texts";

export const TEXTS = {
  walk: { zh: "试走", en: "Walk" },
  try: { zh: "测试与重演", en: "Tests, replay" },
  compare: { zh: "对比", en: "Compare" },
  publish: { zh: "发布", en: "Publish" },
  versions: { zh: "历史版本", en: "Versions" },
  again: { zh: "再来一次", en: "Again" },
  busy: { zh: "请稍候…", en: "One moment …" },
  show: { zh: "在图上看", en: "Show" },
  toLine: { zh: "第 {line} 行", en: "line {line}" },
} as const satisfies Texts;

/** The walk. */
export const WALK = {
  intro: {
    zh: "像来电的市民一样走一遍：电话键盘上的键，电脑键盘也能按。不会真的打电话。",
    en: "Go as a caller would. The keys of your keyboard do the same as the buttons. Nobody is called.",
  },
  at: { zh: "时间（不填就是现在）", en: "When (empty: now)" },
  number: { zh: "拨打的号码", en: "Dialled number" },
  caller: { zh: "来电号码（可不填）", en: "Caller's number (may be empty)" },
  language: { zh: "开始的语言", en: "Begins in" },
  usual: { zh: "默认", en: "the default" },
  call: { zh: "拨打", en: "Call" },
  anew: { zh: "重新拨打", en: "Call again" },
  back: { zh: "退回一步", en: "One step back" },
  hear: { zh: "边走边听", en: "Hear it" },
  pad: { zh: "电话键盘", en: "Telephone keys" },
  silence: { zh: "不按键", en: "No key" },
  nothing: { zh: "此处无此键", en: "not a key here" },
  way: { zh: "走过的路", en: "The way" },
  pressed: { zh: "按 {key}", en: "presses {key}" },
  wrong: { zh: "按 {key}，此处无此键", en: "presses {key}, which is not a key here" },
  silent: { zh: "等 {wait} 秒，不按键", en: "presses no key for {wait} s" },
  ends: { zh: "来电到了{where}。", en: "The call has come to {where}." },
  unmade: { zh: "新句子，听的时候合成", en: "new: spoken when you listen" },
  speaking: { zh: "正在合成，要几秒钟", en: "being spoken; this takes some seconds" },
  unspoken: { zh: "还没有声音，发布时生成", en: "no sound yet; made when published" },
  draft: { zh: "草稿语音", en: "draft voice" },
  recording: { zh: "真人录音", en: "recorded" },
  listen: { zh: "听", en: "Listen" },
  stop: { zh: "停", en: "Stop" },
  mute: { zh: "浏览器放不出这段声音。", en: "The browser cannot play this." },
  seconds: { zh: "{at} 秒", en: "{at} s" },
} as const satisfies Texts;

/** Tests and replay. */
export const TRY = {
  tests: { zh: "测试（tests.yaml）", en: "Tests (tests.yaml)" },
  testsNone: {
    zh: "草稿没有测试。在 tests.yaml 里写上：谁在什么时候按什么键，应该到哪里。",
    en: "The draft has no tests. Write in tests.yaml who presses what and when, and where that should lead.",
  },
  red: { zh: "未通过", en: "failed" },
  green: { zh: "通过", en: "passed" },
  passed: { zh: "{count} 个通过", en: "{count} passed" },
  missing: { zh: "没有测试走过的选择（{count}）", en: "Choices that no test makes ({count})" },
  silence: { zh: "不按键", en: "no key" },
  invalid: { zh: "错键", en: "a wrong key" },
  replay: { zh: "用过去的来电重演", en: "Replay of past callers" },
  replayIntro: {
    zh: "过去这些天的来电者，按同样的键走这份草稿，会到哪里？",
    en: "Where would the callers of the last days end under this draft, if they did the same?",
  },
  nobody: { zh: "最近 7 天没有来电记录。", en: "No caller of the last 7 days is recorded." },
  unknown: {
    zh: "最近 7 天的来电者会怎样，无法得知：{why}",
    en: "What the callers of the last 7 days would meet is not known: {why}",
  },
  more: { zh: "另有 {count} 项，见“测试与重演”。", en: "{count} more: see Tests, replay." },
  days: { zh: "天数", en: "Days" },
  run: { zh: "重演", en: "Replay" },
  callers: { zh: "来电者", en: "callers" },
  elsewhere: { zh: "会到别处", en: "would end elsewhere" },
  notCounted: {
    zh: "另有 {count} 个来电未计入：菜单重新开始过，或没有进入菜单和队列。",
    en: "{count} more calls do not count: their menus began again, or they came to no menu and no queue.",
  },
} as const satisfies Texts;

/** Comparing. */
export const COMPARE = {
  intro: { zh: "来电者会察觉什么：", en: "What callers would notice:" },
  against: { zh: "与哪个版本对比", en: "Compared with" },
  version: { zh: "版本 {number}：{note}", en: "Version {number}: {note}" },
  noNote: { zh: "没有说明", en: "no note" },
  same: { zh: "来电者不会察觉任何变化。", en: "Callers would notice nothing." },
} as const satisfies Texts;

/** Publishing, and going back. */
export const PUBLISH = {
  intro: {
    zh: "新来电从此用这份草稿；已经打进来的按原来的走完。缺的提示音会先生成，可能要等一会儿。",
    en: "New calls get this draft from then on; calls that are here keep the version that they began with. Prompts that are missing are made first, which may take a while.",
  },
  before: { zh: "发布之前", en: "Before you publish" },
  clean: { zh: "检查：没有问题", en: "Check: nothing is wrong" },
  warnings: { zh: "检查：{count} 条提醒，不影响发布", en: "Check: it can be published. Warnings: {count}" },
  errors: { zh: "检查：{count} 处错误，改正之前不能发布", en: "Check: it cannot be published. Errors: {count}" },
  note: { zh: "说明：改了什么，为什么", en: "Note: what changed, and why" },
  do: { zh: "发布", en: "Publish" },
  who: { zh: "给谁", en: "For whom" },
  everybody: { zh: "所有来电者", en: "all callers" },
  some: { zh: "先给 {percent}% 的来电者试用", en: "{percent} % of callers first, on trial" },
  trialIntro: {
    zh: "试用时，挂断的人明显变多就自动撤回；要给所有人用，在“历史版本”里点“给所有来电者”；“撤回试用”随时结束它。",
    en: "A trial is taken back by itself when clearly more of its callers give up. In Versions “For all callers …” gives it to all, and “Take it back …” ends it.",
  },
  tried: { zh: "版本 {number} 开始试用。草稿还在。", en: "Version {number} is on trial. The draft is still here." },
  doing: { zh: "正在发布…", en: "Publishing …" },
  done: { zh: "版本 {number} 已启用。", en: "Version {number} is in use." },
  newer: {
    zh: "在您修改期间，别人发布了新版本。没有覆盖任何东西：请先对比改动，再决定。",
    en: "Somebody else has published meanwhile. Nothing was overwritten: look at what changed, then decide.",
  },
  number: { zh: "版本", en: "Version" },
  at: { zh: "时间", en: "When" },
  author: { zh: "发布者", en: "Published by" },
  why: { zh: "说明", en: "Note" },
  doings: { zh: "操作", en: "Actions" },
  current: { zh: "使用中", en: "in use" },
  trial: {
    zh: "试用：{percent}% 的来电者，{calls} 个来电中 {gaveUp} 个挂断；其他人 {restCalls} 个中 {restGaveUp} 个",
    en: "Trial: {percent} % of callers; {gaveUp} of {calls} gave up, of the others {restGaveUp} of {restCalls}",
  },
  takenBack: { zh: "已自动撤回", en: "taken back by itself" },
  over: { zh: "试用已结束", en: "the trial is over" },
  toAll: { zh: "给所有来电者…", en: "For all callers …" },
  toAllTitle: { zh: "把版本 {number} 给所有来电者？", en: "Version {number} for all callers?" },
  toAllDo: { zh: "给所有来电者", en: "For all callers" },
  takeBack: { zh: "撤回试用…", en: "Take it back …" },
  takeBackTitle: { zh: "撤回版本 {number} 的试用？", en: "Take the trial of version {number} back?" },
  takeBackWhat: {
    zh: "新来电都用版本 {number}；已经打进来的按原来的走完。",
    en: "All new calls get version {number}; calls that are here keep the version that they began with.",
  },
  takeBackDo: { zh: "撤回", en: "Take it back" },
  takeBackNote: { zh: "撤回版本 {number} 的试用", en: "The trial of version {number} was taken back" },
  backTo: { zh: "退回此版本…", en: "Go back to it …" },
  backTitle: { zh: "退回版本 {number}？", en: "Go back to version {number}?" },
  backDo: { zh: "退回", en: "Go back" },
  backNote: { zh: "退回版本 {number}", en: "Back to version {number}" },
  backChanges: { zh: "与现在相比，来电者会察觉：", en: "Compared with now, callers would notice:" },
} as const satisfies Texts;
