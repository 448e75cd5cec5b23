import type { Texts } from "../../texts/texts";

export const TEXTS = {
  title: { zh: "运行", en: "Health" },
  allFine: { zh: "一切正常，来电正常接入。", en: "All is well. Calls are taken." },
  someOdd: { zh: "来电正常接入，但有 {count} 处需要看一看。", en: "Calls are taken. {count} things want a look." },
  oneOdd: { zh: "来电正常接入，但有一处需要看一看。", en: "Calls are taken. One thing wants a look." },
  broken: { zh: "有 {count} 处故障，请马上处理。", en: "{count} things are broken. See to them now." },
  oneBroken: { zh: "有一处故障，请马上处理。", en: "One thing is broken. See to it now." },
  since: { zh: "服务已运行 {time}", en: "The service has run for {time}" },
  asOf: { zh: "{time} 的情况", en: "as of {time}" },
  stale: {
    zh: "服务没有响应，下面是 {time} 的情况。请到服务器上查看：systemctl status wutong，或 ./wutong status。",
    en: "The service does not answer; what you see is as of {time}. Look on the machine itself: systemctl status wutong, or ./wutong status.",
  },
  fine: { zh: "正常", en: "fine" },
  odd: { zh: "注意", en: "look" },
  wrong: { zh: "故障", en: "broken" },
  state: { zh: "状态", en: "State" },
  thing: { zh: "项目", en: "What" },
  value: { zh: "数值", en: "Figure" },
  todo: { zh: "怎么办", en: "What to do" },

  needed: { zh: "接听来电所必需的", en: "What calls need" },
  figures: { zh: "运行指标", en: "Figures" },
  figuresHint: {
    zh: "次数从服务启动时算起。长期曲线和告警请用 Prometheus（docs/operations.md）。",
    en: "Counts are since the start of the service. Prometheus has curves and alerts (docs/operations.md).",
  },
  examine: { zh: "全面检查", en: "Examination" },
  examineWhat: {
    zh: "检查这台服务器上的安装，与 ./wutong doctor 相同，需要几秒钟，不影响来电。",
    en: "Looks at the installation on this machine, as ./wutong doctor does. It takes seconds and does not disturb calls.",
  },
  examineNow: { zh: "开始检查", en: "Examine" },
  examineAgain: { zh: "再检查一次", en: "Examine again" },
  examining: { zh: "正在检查…", en: "Examining …" },

  maintenance: { zh: "维护", en: "Maintenance" },
  callsNow: { zh: "现在的来电", en: "Calls now" },
  inMenus: { zh: "在听菜单", en: "in the menus" },
  inQueues: { zh: "排队", en: "waiting" },
  ringing: { zh: "振铃", en: "ringing" },
  talking: { zh: "通话", en: "talking" },
  leaving: { zh: "将结束", en: "at the goodbye" },
  taken: { zh: "正在接入新来电。", en: "New calls are taken." },
  closedSince: {
    zh: "从 {time} 起停接：新来电会听到暂停服务的提示，然后挂断。",
    en: "Closed since {time}: new callers hear that and are hung up.",
  },
  close: { zh: "停接新来电", en: "Close the hotline" },
  closeTitle: { zh: "停接新来电？", en: "Close the hotline for maintenance?" },
  closeNew: {
    zh: "新来电会听到暂停服务的提示，然后挂断。重启服务也不会恢复，直到您点“恢复接入”。",
    en: "New callers hear that it is closed, and are hung up. It stays so over restarts, until you open it again.",
  },
  closeLive: {
    zh: "现有 {count} 个来电不受影响，会正常进行到结束（其中 {talking} 个在通话，{waiting} 个在排队）。",
    en: "The {count} calls that are here go on to their ends: {talking} talk, {waiting} wait.",
  },
  noCalls: { zh: "现在没有来电。", en: "There are no calls now." },
  open: { zh: "恢复接入", en: "Open the hotline" },
  restart: { zh: "重启服务", en: "Restart the service" },
  restartTitle: { zh: "重启服务？", en: "Restart the service?" },
  restartMenus: {
    zh: "{count} 个在听菜单的来电先走完，最多等 60 秒。还没走完的会听到致歉，再从菜单开头听起。",
    en: "{count} in the menus: they finish first, 60 s at most. A caller who is still there then hears an apology, and the menu begins again.",
  },
  restartNoMenus: { zh: "没有来电在听菜单，马上就重启。", en: "Nobody is in the menus, so it restarts at once." },
  restartWaiting: {
    zh: "{count} 个排队的市民继续听音乐，位置不变。",
    en: "{count} waiting: they keep their music and their places.",
  },
  restartTalking: {
    zh: "{count} 个通话和振铃照常进行。",
    en: "{count} talking or ringing: they go on.",
  },
  restartNew: {
    zh: "重启期间的新来电一直振铃，服务恢复后接入，通常几秒钟。本页和所有画面会自动重新连接。",
    en: "New calls ring until the service is back, usually a few seconds. This page and all screens connect again by themselves.",
  },
  cannotRestart: { zh: "现在不能重启：{why}", en: "It cannot be restarted now: {why}" },
  restarting: {
    zh: "正在重启，等在听菜单的来电走完…新来电一直振铃。",
    en: "Restarting: calls in the menus finish first. New calls ring meanwhile.",
  },
  restarted: { zh: "已重启，用了 {time}。", en: "Restarted. It took {time}." },
} as const satisfies Texts;
