import type { Texts } from "../texts/texts";

export const TEXTS = {
  title: { zh: "登录", en: "Sign in" },
  name: { zh: "用户名", en: "Name" },
  password: { zh: "密码", en: "Password" },
  code: { zh: "验证码", en: "Code" },
  codeHint: {
    zh: "手机验证器上的六位数字，或者一个备用码",
    en: "The six digits of your app, or a recovery code",
  },
  haveCode: { zh: "我有验证码", en: "I have a code" },
  signIn: { zh: "登录", en: "Sign in" },
  openId: { zh: "用统一身份认证登录", en: "Sign in with the city's account" },
  or: { zh: "或者", en: "or" },
  first: {
    zh: "第一次使用？首次启动热线时，屏幕上会显示管理员 admin 的密码。",
    en: "First time? The first start of the hotline prints the password of the administrator, admin.",
  },
  wrong: {
    zh: "用户名、密码或验证码不对。如果您设置过验证码，请一并填写。",
    en: "The name, the password or the code is wrong. If you have set up an app for codes, enter its code too.",
  },
  locked: {
    zh: "试错次数太多，请 {time} 后再试。密码正确也要等。",
    en: "Too many wrong tries. Wait {time} and try again; until then even the right password is refused.",
  },
  away: {
    zh: "现在没法核对账号：数据库连不上。请稍后再试，或联系管理员。",
    en: "Accounts cannot be checked now, as the database does not answer. Try again later, or tell an administrator.",
  },
  unreached: {
    zh: "连不上热线服务，请检查网络后再试。",
    en: "The hotline's service does not answer. Check the network and try again.",
  },
  other: { zh: "登录没有成功：{why}", en: "You were not signed in: {why}" },
  whySignedOut: { zh: "您已退出。", en: "You have signed out." },
  whyEnded: {
    zh: "您已被自动退出：长时间没有操作、登录已满规定时长，或者账号有变动。请重新登录。",
    en: "You were signed out: nothing was done for a while, the session reached its longest time, or your account was changed. Sign in again.",
  },
  whyNoAccess: {
    zh: "地址里的令牌无效或已过期。请让管理员另发一个（./wutong token add）。",
    en: "The token in the address is wrong or has ended. Ask an administrator for another one (./wutong token add).",
  },
  openIdRefused: {
    zh: "统一身份认证没有确认您的身份。请重新登录。",
    en: "The city's sign-in did not confirm who you are. Begin again.",
  },
  openIdNoRole: {
    zh: "统一身份认证认识您，但您在热线里还没有角色。请找管理员开通。",
    en: "The city's sign-in knows you, but you have no role in this hotline. Ask an administrator.",
  },
  openIdAway: {
    zh: "统一身份认证没有响应。有本地密码的账号仍可登录。",
    en: "The city's sign-in does not answer. Accounts with a password still work.",
  },
} as const satisfies Texts;
