import type { Texts } from "../texts/texts";

export const TEXTS = {
  wutong: { zh: "梧桐", en: "Wutong" },
  pages: { zh: "页面", en: "Pages" },
  language: { zh: "语言", en: "Language" },
  chinese: { zh: "中文", en: "中文" },
  english: { zh: "English", en: "English" },
  theme: { zh: "外观", en: "Appearance" },
  themeSystem: { zh: "跟随系统", en: "As the system" },
  themeLight: { zh: "浅色", en: "Light" },
  themeDark: { zh: "深色", en: "Dark" },
  help: { zh: "帮助", en: "Help" },
  signOut: { zh: "退出", en: "Sign out" },
  loading: { zh: "正在载入…", en: "Loading …" },
  unreached: {
    zh: "连不上热线服务。服务恢复后，本页会自动继续。",
    en: "The hotline's service does not answer. This page goes on by itself once it does.",
  },
  noPage: {
    zh: "您的账号（{roles}）在控制台里还没有页面。如需更多权限，请找管理员。",
    en: "There is no page for your account ({roles}) in the console yet. Ask an administrator if you need one.",
  },
  nothingHere: {
    zh: "这里没有页面，或者您的账号不能查看。",
    en: "There is no page here, or your account may not see it.",
  },
  toStart: { zh: "回到首页", en: "To the first page" },
  pageFailed: {
    zh: "页面没有载入。可能网络中断，或者服务刚刚更新过。",
    en: "The page could not be loaded. The network may be down, or the service has just been updated.",
  },
  reload: { zh: "重新载入", en: "Load again" },
  lost: {
    zh: "连接中断，下面是 {time} 的情况，正在重新连接…",
    en: "No connection. What you see is as of {time}; connecting again …",
  },
  crowded: {
    zh: "打开实时画面的人太多，暂时连不上，稍后会自动重试。下面是 {time} 的情况。",
    en: "Too many screens are open, so this one has to wait. What you see is as of {time}.",
  },
  emergencyBefore: {
    zh: "紧急公告正在播放，到 {time} 为止；之后照常播菜单。",
    en: "An emergency message is on until {time}: callers hear it before the menus.",
  },
  emergencyInstead: {
    zh: "紧急公告正在播放，到 {time} 为止；市民听不到菜单。",
    en: "An emergency message is on until {time}: callers hear it instead of the menus.",
  },
  emergencyPlace: {
    zh: "{place}：紧急公告正在播放，到 {time} 为止。",
    en: "{place}: an emergency message is on until {time}.",
  },
  menu: { zh: "{name}（菜单）", en: "{name} (menu)" },
  outdated: {
    zh: "控制台有新版本，载入后生效。",
    en: "There is a new version of the console. It is there once the page is loaded again.",
  },
  tryNow: { zh: "立即重试", en: "Try now" },
  roleAgent: { zh: "坐席", en: "agent" },
  roleSupervisor: { zh: "班长", en: "supervisor" },
  roleAdministrator: { zh: "管理员", en: "administrator" },
  roleOperations: { zh: "运维", en: "operations" },
  roleDepartment: { zh: "承办单位", en: "department" },
  failed: { zh: "没有成功：{why}", en: "That did not work: {why}" },
  failedUnreached: {
    zh: "没有成功：连不上热线服务，请检查网络后再试。",
    en: "That did not work: the service does not answer. Check the network and try again.",
  },
  failedRights: { zh: "您的账号不能做这件事。", en: "Your account may not do that." },
  news: { zh: "通知", en: "News" },
  skip: { zh: "跳到内容", en: "Skip to the content" },
  cancel: { zh: "取消", en: "Cancel" },
  close: { zh: "关闭", en: "Close" },
  copy: { zh: "复制", en: "Copy" },
  copied: { zh: "已复制", en: "Copied" },
  ownAccount: { zh: "{name}：我的账号", en: "{name}: your account" },
} as const satisfies Texts;
