import type { Texts } from "../../texts/texts";

export const TEXTS = {
  people: { zh: "人员", en: "People" },
  tokens: { zh: "程序令牌", en: "Tokens of programs" },
  tokensWhat: {
    zh: "大屏、报表等程序用令牌访问热线，不用密码。",
    en: "Programs, such as a big screen or a report, use a token instead of a password.",
  },
  find: { zh: "按用户名或工号查找", en: "Find by name or agent" },
  addPerson: { zh: "添加人员", en: "Add a person" },
  addToken: { zh: "添加令牌", en: "Add a token" },
  nobody: {
    zh: "没有符合条件的人员：清空搜索，或点“添加人员”。",
    en: "Nobody fits. Clear the search, or add a person.",
  },
  noTokens: {
    zh: "还没有令牌。要接大屏或报表，点“添加令牌”。",
    en: "There are no tokens yet. Add one for a big screen or a report.",
  },

  name: { zh: "用户名", en: "Name" },
  nameRule: {
    zh: "小写字母开头，可用小写字母、数字、点、下划线和连字符，最多 40 个字符。以后不能改。",
    en: "Small letters, digits, dot, underscore, hyphen; a letter first; 40 at most. It cannot be changed later.",
  },
  roles: { zh: "角色", en: "Roles" },
  limits: { zh: "限于", en: "Limited to" },
  everything: { zh: "不限", en: "no limits" },
  ownDesk: { zh: "自己的席位", en: "the own desk" },
  nothingYet: { zh: "还没有指定，什么都看不到", en: "nothing named yet: it sees nothing" },
  tokenName: { zh: "名称", en: "Name" },
  agent: { zh: "坐席工号", en: "Agent" },
  signIn: { zh: "登录", en: "Sign-in" },
  signedIn: { zh: "在线 {count} 处", en: "signed in {count} times" },
  signedInOnce: { zh: "在线", en: "signed in" },
  factor: { zh: "验证码", en: "second factor" },
  openId: { zh: "统一身份认证", en: "city's account" },
  created: { zh: "创建", en: "Added" },
  expires: { zh: "到期", en: "Ends" },
  expired: { zh: "已过期", en: "ended" },
  used: { zh: "最近使用", en: "Last used" },
  never: { zh: "从未", en: "never" },
  you: { zh: "（您）", en: " (you)" },
  doings: { zh: "操作", en: "What can be done" },

  isAgent: { zh: "接听来电；只看得到自己的席位", en: "takes calls; sees the own desk only" },
  isSupervisor: {
    zh: "看队列、坐席和来电，改坐席状态和技能，调整排队",
    en: "watches queues, agents and calls, changes states and skills, moves callers",
  },
  isAdministrator: {
    zh: "管理热线、人员和令牌，看审计",
    en: "edits the hotline, manages people and tokens, reads the audit",
  },
  isOperations: {
    zh: "维护运行，可重启和停接；看不到市民号码",
    en: "keeps it running, restarts and drains; sees no caller's number",
  },
  isDepartment: {
    zh: "看自己的队列，和转给自己的来电",
    en: "a department behind the hotline: sees its queues and the calls put through to it",
  },
  queuesOnly: { zh: "只限这些队列（都不选就是不限）", en: "Only these queues (none: no limit)" },
  departmentsOnly: {
    zh: "只限这些分热线（都不选就是不限）",
    en: "Only these sub-hotlines (none: no limit)",
  },
  agentOf: { zh: "这个账号对应的坐席工号", en: "The agent that this account is" },

  change: { zh: "更改权限", en: "Rights" },
  changeTitle: { zh: "更改 {name} 的权限", en: "What {name} may do" },
  save: { zh: "保存", en: "Save" },
  add: { zh: "添加", en: "Add" },
  passwordFor: { zh: "密码", en: "Password" },
  passwordHint: {
    zh: "留空则自动生成一个，只显示这一次。",
    en: "Leave it empty, and one is made and shown once.",
  },
  newPassword: { zh: "新密码", en: "New password" },
  newPasswordTitle: { zh: "给 {name} 换密码", en: "Another password for {name}" },
  newPasswordWhat: { zh: "{name} 的所有登录都会退出。", en: "{name} is signed out everywhere." },
  passwordOf: { zh: "{name} 的密码（只显示这一次）", en: "The password of {name}, shown only now" },
  tokenOf: { zh: "令牌 {name}（只显示这一次）", en: "The token {name}, shown only now" },
  hand: {
    zh: "请当面或用安全的方式交给本人，并请其登录后改掉。",
    en: "Hand it over in person or by a safe way, and have it changed after the first sign-in.",
  },
  handToken: {
    zh: "请填入程序的配置，不要用邮件发送。",
    en: "Put it into the program's configuration, not into a mail.",
  },

  forget: { zh: "解除验证码", en: "Remove second factor" },
  forgetTitle: { zh: "解除 {name} 的验证码？", en: "Remove the second factor of {name}?" },
  forgetWhat: {
    zh: "手机和备用码都丢了才需要。之后 {name} 只凭密码登录，可以重新启用。所有登录都会退出。",
    en: "For who has lost the telephone and the recovery codes. {name} then signs in by password alone, can set up another app, and is signed out everywhere.",
  },
  remove: { zh: "删除", en: "Remove" },
  removeTitle: { zh: "删除 {name}？", en: "Remove {name}?" },
  removeWhat: {
    zh: "{name} 立即退出，不能再登录。审计里的记录保留。",
    en: "{name} is signed out at once and cannot sign in any more. The audit keeps what was done.",
  },
  removeSelf: {
    zh: "这是您自己的账号：删除后您会立即退出。",
    en: "This is your own account: you are signed out at once.",
  },
  lastAdministrator: {
    zh: "这是最后一位用密码登录的管理员。之后只能在服务器上用 ./wutong user add 添加。",
    en: "Nobody else is an administrator with a password. After this only ./wutong user add, on the machine itself, makes one.",
  },
  revoke: { zh: "作废", en: "Revoke" },
  revokeTitle: { zh: "作废令牌 {name}？", en: "Revoke the token {name}?" },
  revokeWhat: { zh: "用它的程序立即失去访问权。", en: "The program that uses it is shut out at once." },
  lasts: { zh: "有效期", en: "It counts for" },
  days: { zh: "{count} 天", en: "{count} days" },
} as const satisfies Texts;
