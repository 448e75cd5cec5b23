import type { Texts } from "../../texts/texts";

export const TEXTS = {
  title: { zh: "坐席和技能", en: "Agents and skills" },
  intro: {
    zh: "这里调整的技能立即生效，到下次启用配置为止；要长期保留，请写进 agents.yaml。",
    en: "Skills that are set here hold at once, until the hotline is reloaded. Write into agents.yaml what is to last.",
  },
  find: { zh: "按工号或姓名查找", en: "Find by number or name" },
  skill: { zh: "按技能筛选", en: "Only with a skill" },
  everySkill: { zh: "全部技能", en: "Every skill" },
  changedOnly: { zh: "只看调整过的（{count}）", en: "Only those set for now ({count})" },
  nobody: {
    zh: "没有符合条件的坐席：清空搜索，或选“全部技能”。",
    en: "Nobody fits. Clear the search, or choose “Every skill”.",
  },
  id: { zh: "工号", en: "Number" },
  name: { zh: "姓名", en: "Name" },
  state: { zh: "状态", en: "State" },
  skills: { zh: "技能（1 略懂，5 精通）", en: "Skills (1 a little, 5 an expert)" },
  languages: { zh: "语言", en: "Languages" },
  none: { zh: "无", en: "none" },
  changed: { zh: "临时调整", en: "set for now" },
  doings: { zh: "操作", en: "What can be done" },
  day: { zh: "一天", en: "Day" },
  edit: { zh: "调整技能", en: "Skills" },
} as const satisfies Texts;
