import type { Text, Texts } from "../../../../texts/texts";
import type { Condition } from "./ways";

export const TEXTS = {
  newQueue: { zh: "新队列", en: "New queue" },
  whisper: { zh: "接通前对坐席说", en: "Said to the agent before the caller is connected" },
  whisperHint: { zh: "不填：不说。", en: "Empty: nothing." },
  needs: { zh: "坐席需要的技能", en: "Skills that an agent needs" },
  needsHint: {
    zh: "1（会一点）到 5（专家）：坐席的级别至少要这么高。",
    en: "1 (a little) to 5 (an expert): the agent must have at least that level.",
  },
  figures: { zh: "数字", en: "Figures" },
  wrapUp: { zh: "话后处理时间", en: "Wrap-up" },
  missed: { zh: "连续漏接几次后离席", en: "Not ready after missed rings" },
  priority: { zh: "提前量", en: "Head start" },
  percent: { zh: "目标：百分之几", en: "Aim: percent of the calls" },
  limit: { zh: "最多同时振铃和通话", en: "Most at the same time" },
  limitHint: {
    zh: "到了这个数，其余的人接着等，坐席去接别的队列。不填就不限。",
    en: "So many callers are offered to an agent or talk; the others wait, and agents serve other queues. Empty: no limit.",
  },
  missedAfter: { zh: "等多久挂断算未接通", en: "Missed who gives up after" },
  missedAfterHint: {
    zh: "等了这么久才挂断的市民，列入“未接通”。",
    en: "A caller who waited so long and gave up is on the list of missed callers.",
  },
  grace: { zh: "多久内再打来，位次保留", en: "Place kept for" },
  graceHint: {
    zh: "挂断后这么快又打来，就回到原来的位次。",
    en: "Who rings again so soon after giving up gets the old place back.",
  },
  callBack: { zh: "未接通的市民自动回拨", en: "Missed callers are called back" },
  callBackHint: {
    zh: "等到上面的时间才挂断的市民保留位次，轮到时回拨。要先在“文件”里为这个队列写好 callback。",
    en: "Who gave up after the wait above keeps the place, and is called when it is their turn. The queue needs callback, in Files.",
  },
  sticky: { zh: "多久内再打来，找上次的坐席", en: "Same agent again within" },
  stickyHint: {
    zh: "上次通话后这么久内再打来，由上次的坐席接，若这位坐席空闲。不填：按振铃策略。",
    en: "Who rings again so soon after the last talk gets the same agent, if free. Empty: the strategy decides.",
  },
  stickyWait: { zh: "为上次的坐席等多久", en: "Waits for that agent" },
  stickyWaitHint: {
    zh: "上次的坐席在忙时，市民只等这一位多久。",
    en: "So long the caller waits for that agent alone, if the agent is busy.",
  },
  record: { zh: "通话录音", en: "Recording of talks" },
  recordNever: { zh: "不录音", en: "never" },
  recordOnDemand: { zh: "由坐席开始，双方先听到提示", en: "when the agent begins; both hear so first" },
  recordAlways: { zh: "都录音，市民排队前先听到提示", en: "always; callers hear so before they wait" },
  within: { zh: "目标：多久内接听", en: "Aim: answered within" },
  every: { zh: "每隔多久报一次排队情况", en: "Told how it stands every" },
  everyHint: { zh: "不填：不报。", en: "Empty: never." },
  survey: { zh: "满意度评价", en: "Survey" },
  surveyHint: {
    zh: "坐席先挂断后，市民听到这一题，按键回答。更多的题写在文件里。",
    en: "The caller hears this question after the agent has ended the talk, and answers it with a key. Further questions are in the file.",
  },
  surveySay: { zh: "问什么", en: "What is asked" },
  surveySayHint: { zh: "不填：不问。", en: "Empty: nothing." },
  surveyKeys: { zh: "从哪个键到哪个键", en: "Keys that answer" },
  surveyShare: { zh: "问多少市民", en: "Share of the callers" },
  surveyOnce: { zh: "多久内不再问", en: "Not again within" },
  surveyMessage: { zh: "答完后可留言，最长（不填：不留言）", en: "Message after it, at most (empty: none)" },
  surveyThanks: { zh: "答完后说", en: "Said after the last answer" },
  strategy: { zh: "振铃策略", en: "Which agent rings first" },
  durations: { zh: "时长写成 20s、5m、1h。", en: "A duration is 20s, 5m or 1h." },
  queuesAbout: {
    zh: "由本热线坐席接的来电在队列里等。承办单位有自己的电话，用“分热线”。",
    en: "Calls for the hotline's own agents wait in queues. A department with a phone of its own is in Sub-hotlines.",
  },
  choose: { zh: "请选择", en: "choose" },
  relaxing: { zh: "放宽条件", en: "Relaxing" },
  relaxingHint: {
    zh: "等了一段时间还没人接，也振级别低一些的坐席；前面一步的坐席仍然优先。",
    en: "After a wait, agents who know less are rung, too. Those of an earlier step come first.",
  },
  step: { zh: "第 {step} 步", en: "Step {step}" },
  relaxAfter: { zh: "等了", en: "After" },
  newStep: { zh: "加一步", en: "Add a step" },
  waysOut: { zh: "溢出", en: "Ways out" },
  waysOutHint: {
    zh: "从上到下判断，先满足的先转走。",
    en: "Looked at from top to bottom: the first one that is met counts.",
  },
  noWaysOut: { zh: "没有溢出规则：来电者一直等到有人接。", en: "There are none: callers wait until an agent answers." },
  way: { zh: "第 {number} 条", en: "Way out {number}" },
  newWay: { zh: "加一条，转到", en: "Add one, to" },
  wayWhen: { zh: "条件", en: "When" },
  wayTime: { zh: "多久", en: "How long" },
  wayCallers: { zh: "几个人", en: "How many" },
  wayTo: { zh: "转到", en: "The call goes to" },
  waySays: { zh: "先播报一段话", en: "Say something first" },
  wayUp: { zh: "上移", en: "Move up" },
  codeList: { zh: "哪一组代码", en: "Which list" },
  noCodes: { zh: "不用代码", en: "no codes" },
  codeRequired: { zh: "每通电话都必须选一个", en: "Every call needs one" },
  newCodeList: { zh: "新的一组代码", en: "New list" },
  noCodeLists: {
    zh: "还没有小结代码。坐席用它记下一通电话的结果，统计也按它来。",
    en: "There are no wrap-up codes yet. Agents say by them what came of a call, and reports count them.",
  },
  unusedCodes: { zh: "还没有队列用这一组：在“队列”里选它。", en: "No queue has this list yet: choose it in Queues." },
  codesHint: {
    zh: "坐席按这个次序看到它们。统计按短名计数，用过的短名不要再改。",
    en: "Agents see them in this order. Reports count the short names, so leave those that were used.",
  },
  newCode: { zh: "新代码", en: "New code" },
  codeUp: { zh: "{code} 上移", en: "Move {code} up" },
  removeCode: { zh: "删除 {code}", en: "Remove {code}" },
} as const satisfies Texts;

export const CONDITION_NAMES: Readonly<Record<Condition, Text>> = {
  waited: { zh: "来电者已经等了", en: "the caller has waited" },
  waiting: { zh: "来电时前面已有人在等", en: "so many wait already" },
  nobody_signed_in: { zh: "一直没有坐席签入", en: "no agent has been signed in" },
  estimate: { zh: "来电时预计要等", en: "the expected wait is" },
};

export const STRATEGIES: readonly (readonly [string, Text])[] = [
  ["longest-idle", { zh: "空闲最久的优先", en: "who has been idle longest" }],
  ["most-skilled", { zh: "技能级别最高的优先", en: "the most skilled" }],
  ["fewest-calls", { zh: "接听次数最少的优先", en: "who had the fewest calls" }],
  ["least-talk", { zh: "通话时间最短的优先", en: "who talked least" }],
  ["round-robin", { zh: "轮流振铃", en: "in turn" }],
  ["linear", { zh: "按文件里的先后", en: "in the order of the file" }],
  ["random", { zh: "随机", en: "by chance" }],
  ["ring-all", { zh: "全部同时振铃", en: "all at once" }],
];

/** The first code of a new list. */
export const FIRST_CODE: Text = { zh: "当场答复", en: "Answered at once" };

/** What callers hear who leave a queue, until somebody writes something better. */
export const BUSY: Text = {
  zh: "现在来电很多，请您稍后再拨。",
  en: "We have very many calls at the moment. Please call again a little later.",
};
