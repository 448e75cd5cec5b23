import type { Texts } from "../../texts/texts";

export const TEXTS = {
  title: { zh: "我的账号", en: "Your account" },
  who: { zh: "{name}，角色：{roles}", en: "{name}, with the roles: {roles}" },
  noSession: {
    zh: "用令牌打开的页面没有密码可改。",
    en: "A page that was opened with a token has no password to change.",
  },
  elsewhere: {
    zh: "您通过统一身份认证登录，密码和验证方式请在那里修改。",
    en: "You sign in with the city's account. Change your password and second factor there.",
  },

  password: { zh: "密码", en: "Password" },
  passwordRule: {
    zh: "12 到 128 个字符，至少 5 种不同字符；不能全是数字，也不能是常见词。",
    en: "12 to 128 characters, 5 of them different; not digits alone, no well-known word.",
  },
  oldPassword: { zh: "现在的密码", en: "Password now" },
  newPassword: { zh: "新密码", en: "New password" },
  newAgain: { zh: "再输一次新密码", en: "New password again" },
  differs: { zh: "两次输入的新密码不一样。", en: "The two new passwords differ." },
  change: { zh: "修改密码", en: "Change the password" },
  changed: {
    zh: "密码已修改。您在其他地方的登录已全部退出。",
    en: "The password is changed. You are signed out everywhere else.",
  },

  factor: { zh: "手机验证码", en: "Second factor" },
  factorWhat: {
    zh: "登录时除了密码，还要输入手机验证器上的六位数字，别人知道密码也登录不了。",
    en: "Signing in then needs six digits that an app on your telephone shows, beside the password. Who only knows the password does not get in.",
  },
  factorOn: { zh: "已启用", en: "On" },
  factorOff: { zh: "未启用", en: "Off" },
  setUp: { zh: "启用手机验证码", en: "Set up an app" },
  setUpAnother: { zh: "换一个验证器", en: "Change to another app" },
  proveTitle: { zh: "先确认是您本人", en: "First prove that it is you" },
  oldCode: { zh: "旧验证器上的验证码，或一个备用码", en: "Code of the old app, or a recovery code" },
  goOn: { zh: "继续", en: "Go on" },
  scan: {
    zh: "用手机验证器（如 FreeOTP、Aegis、微软或谷歌验证器）扫描这个二维码：",
    en: "Scan this with an authenticator app on your telephone, such as FreeOTP, Aegis, or those of Microsoft or Google:",
  },
  qrSpoken: { zh: "给手机验证器扫描的二维码", en: "QR code for the app" },
  typeIt: { zh: "扫描不了？请手工输入这个密钥", en: "Cannot scan it? Type this key into the app" },
  firstCode: { zh: "验证器现在显示的六位数字", en: "The six digits that the app shows now" },
  confirm: { zh: "启用", en: "Turn on" },
  recovery: {
    zh: "已启用。请抄下这些备用码并妥善保管：手机不在身边时，每个可代替验证码用一次。它们只显示这一次。",
    en: "It is on. Keep these recovery codes in a safe place: each takes the place of a code once, when the telephone is not there. They are shown only now.",
  },
  kept: { zh: "我已抄好", en: "I have kept them" },
  lost: {
    zh: "手机和备用码都丢了？请管理员为您解除验证码。",
    en: "Lost both the telephone and the recovery codes? An administrator can remove the second factor.",
  },
  wrongProof: { zh: "密码或验证码不对。", en: "The password or the code is wrong." },
  wrongOld: { zh: "现在的密码不对。", en: "The password now is wrong." },
} as const satisfies Texts;
