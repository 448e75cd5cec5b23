import type { Texts } from "../../texts/texts";

export const TEXTS = {
  title: { zh: "热线配置", en: "The hotline's folder" },
  intro: {
    zh: "菜单、队列和坐席写在服务器上的 hotline.yaml、agents.yaml 里。改完先检查，再启用。",
    en: "Menus, queues and agents are written in hotline.yaml and agents.yaml on the machine. After an edit check it, then take it into use.",
  },
  inUse: { zh: "正在使用的版本：{version}", en: "In use: version {version}" },
  checking: { zh: "正在检查…", en: "Checking …" },
  check: { zh: "再检查一次", en: "Check again" },
  good: { zh: "没有发现问题，可以启用。", en: "Nothing is wrong. It can be taken into use." },
  warnings: {
    zh: "有 {count} 条提醒，不影响启用。",
    en: "It can be taken into use. Warnings: {count}",
  },
  errors: {
    zh: "有 {errors} 处错误，改正之前不能启用。热线继续使用现在的版本。",
    en: "It cannot be taken into use before its errors are mended ({errors}). The hotline goes on with the version in use.",
  },
  more: { zh: "还有 {count} 条没有列出。", en: "{count} more are not listed." },
  use: { zh: "启用", en: "Take it into use" },
  useTitle: { zh: "启用修改后的配置？", en: "Take the edited hotline into use?" },
  useNew: {
    zh: "新来电用新配置；已经打进来的仍按原来的走完。缺的提示音会先生成，可能要等一会儿。",
    en: "New calls use it; calls that are here keep the version that they began with. Prompts that are missing are made first, which may take a while.",
  },
  useSkills: {
    zh: "坐席临时调整的技能会恢复成 agents.yaml 里写的。",
    en: "Skills of agents that were set for the time being become those of agents.yaml again.",
  },
  used: { zh: "已启用，版本 {version}。", en: "Version {version} is in use." },
  same: { zh: "已重新载入，内容和之前一样。", en: "It was loaded again. Its contents are as before." },
  level: { zh: "级别", en: "Level" },
  error: { zh: "错误", en: "error" },
  warning: { zh: "提醒", en: "warning" },
  where: { zh: "位置", en: "Where" },
  place: { zh: "{file} 第 {line} 行第 {column} 列", en: "{file}, line {line}, column {column}" },
  what: { zh: "问题和改法", en: "What is wrong, and what to do" },
} as const satisfies Texts;
