import type { Texts } from "../texts/texts";

export const TEXTS = {
  open: { zh: "技能和语言…", en: "Skills …" },
  title: { zh: "技能和语言：{id} {name}", en: "Skills and languages: {id} {name}" },
  holds: {
    zh: "马上生效，到下次启用配置为止，重启服务不影响。agents.yaml 不会改动，要长期有效请改那个文件。",
    en: "Holds at once, until the hotline is reloaded; a restart of the service keeps it. agents.yaml stays as it is: write there what is to last.",
  },
  skills: { zh: "技能，1 到 5 级", en: "Skills, level 1 to 5" },
  none: { zh: "不会", en: "none" },
  languages: { zh: "语言", en: "Languages" },
  needsLanguage: { zh: "至少要选一种语言。", en: "Choose at least one language." },
  limited: {
    zh: "您的账号只管部分队列，只能改这些队列需要的技能，不能改语言。",
    en: "Your account is limited to some queues: you can set the skills that these need, and no languages.",
  },
  differs: { zh: "和 agents.yaml 里的不同。", en: "Not as in agents.yaml." },
  asInFile: { zh: "恢复成文件里的", en: "As in the file" },
  save: { zh: "保存", en: "Save" },
  edited: { zh: "技能已临时调整", en: "skills set for now" },
} as const satisfies Texts;
