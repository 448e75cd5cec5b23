/** Made by `python -m tools.console types`: what ivr/model, agents/states and others say. */

export const KINDS = {
  "queue": {
    "word": {
      "zh": "队列",
      "en": "queue"
    },
    "section": "queues",
    "drawn": "queue"
  },
  "menu": {
    "word": {
      "zh": "菜单",
      "en": "menu"
    },
    "section": "menus",
    "drawn": "menu"
  },
  "sub_hotline": {
    "word": {
      "zh": "分热线",
      "en": "sub-hotline"
    },
    "section": "sub_hotlines",
    "drawn": "line"
  },
  "say": {
    "word": {
      "zh": "播报",
      "en": "message"
    },
    "section": null,
    "drawn": null
  },
  "hangup": {
    "word": {
      "zh": "结束通话",
      "en": "goodbye"
    },
    "section": null,
    "drawn": "goodbye"
  },
  "message": {
    "word": {
      "zh": "留言",
      "en": "voice message"
    },
    "section": null,
    "drawn": "message"
  },
  "district": {
    "word": {
      "zh": "区",
      "en": "district"
    },
    "section": null,
    "drawn": null
  },
  "scope": {
    "word": {
      "zh": "职责说明",
      "en": "scope"
    },
    "section": "scopes",
    "drawn": "scope"
  },
  "input": {
    "word": {
      "zh": "按键录入",
      "en": "input"
    },
    "section": "inputs",
    "drawn": "input"
  },
  "repeat": {
    "word": {
      "zh": "重听",
      "en": "again"
    },
    "section": null,
    "drawn": "repeat"
  }
} as const;

export const STATES = {
  "ready": {
    "word": {
      "zh": "就绪",
      "en": "Ready"
    },
    "path": "M8 2a6 6 0 1 0 0 12a6 6 0 1 0 0-12z",
    "colour": "var(--ready)",
    "request": {
      "zh": "就绪",
      "en": "Ready"
    },
    "signedIn": true,
    "working": true,
    "busy": false,
    "long": null
  },
  "ringing": {
    "word": {
      "zh": "振铃",
      "en": "Ringing"
    },
    "path": "M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13zM8 4.5a3.5 3.5 0 1 0 0 7a3.5 3.5 0 1 0 0-7z",
    "colour": "var(--ringing)",
    "request": null,
    "signedIn": true,
    "working": true,
    "busy": true,
    "long": [
      30.0,
      60.0
    ]
  },
  "on-call": {
    "word": {
      "zh": "通话",
      "en": "On call"
    },
    "path": "M2.5 2.5h11v11h-11z",
    "colour": "var(--on-call)",
    "request": null,
    "signedIn": true,
    "working": true,
    "busy": true,
    "long": [
      900.0,
      1800.0
    ]
  },
  "wrap-up": {
    "word": {
      "zh": "整理",
      "en": "Wrap-up"
    },
    "path": "M8 2a6 6 0 1 0 0 12a6 6 0 1 0 0-12zM8 3.5v9a4.5 4.5 0 0 1 0-9z",
    "colour": "var(--wrap-up)",
    "request": null,
    "signedIn": true,
    "working": true,
    "busy": true,
    "long": [
      180.0,
      600.0
    ]
  },
  "not-ready": {
    "word": {
      "zh": "示忙",
      "en": "Not ready"
    },
    "path": "M5.5 2h5v12h-5z",
    "colour": "var(--not-ready)",
    "request": {
      "zh": "示忙",
      "en": "Not ready"
    },
    "signedIn": true,
    "working": false,
    "busy": false,
    "long": [
      900.0,
      2700.0
    ]
  },
  "unreachable": {
    "word": {
      "zh": "话机不通",
      "en": "Unreachable"
    },
    "path": "M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13zM10.7 4.1 4.1 10.7A4.75 4.75 0 0 1 10.7 4.1zM5.3 11.9 11.9 5.3A4.75 4.75 0 0 1 5.3 11.9z",
    "colour": "var(--unreachable)",
    "request": null,
    "signedIn": true,
    "working": false,
    "busy": false,
    "long": null
  },
  "logged-out": {
    "word": {
      "zh": "未签入",
      "en": "Signed out"
    },
    "path": "M8 5.5a2.5 2.5 0 1 0 0 5a2.5 2.5 0 1 0 0-5z",
    "colour": "var(--logged-out)",
    "request": {
      "zh": "签出",
      "en": "Signed out"
    },
    "signedIn": false,
    "working": false,
    "busy": false,
    "long": null
  }
} as const;

export const WHY = {
  "help": {
    "zh": "请求协助",
    "en": "Calls for help"
  },
  "unreachable": {
    "zh": "暂时派不了来电",
    "en": "Gets no calls"
  },
  "rona": {
    "zh": "来电未接，自动示忙",
    "en": "Did not answer"
  },
  "no-code": {
    "zh": "没选小结代码，自动示忙",
    "en": "Gave no wrap-up code"
  },
  "missed": {
    "zh": "刚漏接来电",
    "en": "Missed a call"
  },
  "long": {
    "zh": "时间较长",
    "en": "Long"
  },
  "over": {
    "zh": "小休超时",
    "en": "Break is over its limit"
  }
} as const;

export const ORDER = [
  "unreachable",
  "not-ready",
  "ringing",
  "wrap-up",
  "on-call",
  "ready"
] as const;

export const FAR = {
  "late": 3.0,
  "below": 0.75
} as const;

export const STEPS = {
  "call-started": {
    "zh": "{caller} 拨打 {number}。",
    "en": "{caller} called {number}."
  },
  "call-started/again": {
    "zh": "{caller} 再次拨打 {number}，上一通来电因故障中断。",
    "en": "{caller} called {number} again after a failure had cut the last call off."
  },
  "call-resumed": {
    "zh": "服务恢复，从菜单接着来。",
    "en": "The service was back, and the menus began again."
  },
  "menu-entered": {
    "zh": "菜单：{menu}。",
    "en": "Menu: {menu}."
  },
  "said": {
    "zh": "听到：{text}",
    "en": "Heard: {text}"
  },
  "said/interrupted": {
    "zh": "听到：{text}（被打断）",
    "en": "Heard, until it was interrupted: {text}"
  },
  "key-pressed": {
    "zh": "按 {key}。",
    "en": "Pressed {key}."
  },
  "key-pressed/digit": {
    "zh": "输入一位数字。",
    "en": "Entered a digit."
  },
  "no-input": {
    "zh": "没有按键。",
    "en": "Pressed nothing."
  },
  "invalid-key": {
    "zh": "按 {key}，菜单里没有。",
    "en": "Pressed {key}, which leads nowhere."
  },
  "language-chosen": {
    "zh": "选择语言：{language}。",
    "en": "Chose a language: {language}."
  },
  "closed": {
    "zh": "{place}不在服务时间。",
    "en": "{place} was closed."
  },
  "closed/until": {
    "zh": "{place}不在服务时间，{opens} 开始服务。",
    "en": "{place} was closed until {opens}."
  },
  "emergency-told": {
    "zh": "听到紧急公告。",
    "en": "Heard the emergency message."
  },
  "recording-told": {
    "zh": "听到录音提示。",
    "en": "Heard that talks are recorded."
  },
  "recording-begun": {
    "zh": "通话录音。",
    "en": "The talk is recorded."
  },
  "recording-paused": {
    "zh": "{who}暂停录音。",
    "en": "{who} paused the recording."
  },
  "recording-resumed": {
    "zh": "{who}继续录音。",
    "en": "{who} went on with the recording."
  },
  "recorded": {
    "zh": "录音已保存，{time}。",
    "en": "The recording was kept: {time}."
  },
  "recording-removed": {
    "zh": "录音已删除：{gone}。",
    "en": "The recording was removed: {gone}."
  },
  "learned": {
    "zh": "得知 {name}：{value}。",
    "en": "Learned {name}: {value}."
  },
  "scope-told": {
    "zh": "听到这件事归谁管。",
    "en": "Heard whose business it is."
  },
  "collected": {
    "zh": "输入{name}：{digits}。",
    "en": "Entered {name}: {digits}."
  },
  "sub-hotline-dialled": {
    "zh": "转往{to}，正在振铃。",
    "en": "Put through, rings: {to}."
  },
  "sub-hotline-spared": {
    "zh": "测试呼叫到此为止，不给{to}振铃。",
    "en": "The test call ends here, and does not ring at {to}."
  },
  "sub-hotline-answered": {
    "zh": "已接听：{to}。",
    "en": "Answered: {to}."
  },
  "sub-hotline-failed": {
    "zh": "没有接通：{to}，{status}。",
    "en": "Not reached: {to}, {status}."
  },
  "sub-hotline-ended": {
    "zh": "和{to}的通话结束：{by}。",
    "en": "The talk with {to} is over: {by}."
  },
  "transferred": {
    "zh": "{agent}把来电转到{to}。",
    "en": "{agent} sent the caller to {to}."
  },
  "transferred/consult": {
    "zh": "{agent}咨询后把来电交给{to}。",
    "en": "{agent} asked first, then gave the caller to {to}."
  },
  "transfer-answered": {
    "zh": "已接听：{to}。",
    "en": "Answered: {to}."
  },
  "transfer-failed": {
    "zh": "没有接通：{to}，{status}。",
    "en": "Not reached: {to}, {status}."
  },
  "transfer-ended": {
    "zh": "和{to}的通话结束：{by}。",
    "en": "The talk with {to} is over: {by}."
  },
  "talk-interrupted": {
    "zh": "{agent}的浏览器断开，市民听音乐等候。",
    "en": "The browser of {agent} was gone."
  },
  "talk-resumed": {
    "zh": "{agent}的浏览器在 {time} 后恢复，通话继续。",
    "en": "The browser of {agent} was back after {time}."
  },
  "held": {
    "zh": "市民被保持，听音乐。",
    "en": "The caller was put on hold."
  },
  "unhold-asked": {
    "zh": "{who}取消保持。",
    "en": "{who} took the caller off hold."
  },
  "unheld": {
    "zh": "保持 {time} 后继续通话。",
    "en": "The talk went on after {time} of hold."
  },
  "consult-asked": {
    "zh": "{agent}咨询{to}，正在振铃。",
    "en": "{agent} consults: {to}."
  },
  "consult-answered": {
    "zh": "{to}接听咨询。",
    "en": "The consultation was answered: {to}."
  },
  "consult-joined": {
    "zh": "{to}加入，三方通话。",
    "en": "Three in the talk: {to}."
  },
  "consult-failed": {
    "zh": "没有接通：{to}，{status}。",
    "en": "Not reached: {to}, {status}."
  },
  "consult-ended": {
    "zh": "{to}退出，市民和坐席继续通话。",
    "en": "The consultation is over: {to}."
  },
  "callback-promised": {
    "zh": "约定回拨，保留排队位置。",
    "en": "Is to be called back, and keeps the place."
  },
  "callback-dialled": {
    "zh": "回拨：正在呼叫市民。",
    "en": "The citizen is dialled."
  },
  "callback-dialled/agent": {
    "zh": "回拨：先给{agent}振铃。",
    "en": "Called back: {agent} is rung first."
  },
  "callback-postponed": {
    "zh": "没有接通，稍后再拨。",
    "en": "Not reached, and dialled again later."
  },
  "callback-taken": {
    "zh": "{who}领走回拨，亲自去打。",
    "en": "{who} took the callback, to call the citizen."
  },
  "callback-returned": {
    "zh": "{who}把回拨退回队列。",
    "en": "{who} gave the callback back to the queue."
  },
  "callback-answered": {
    "zh": "接听回拨，在原来的位置等候。",
    "en": "Answered the callback, and waits at the old place."
  },
  "survey-offered": {
    "zh": "请市民评价{agent}。",
    "en": "Asked what the talk with {agent} was like."
  },
  "survey-answered": {
    "zh": "第 {question} 题，按 {key}。",
    "en": "Answered question {question} of the survey: {key}."
  },
  "survey-complete": {
    "zh": "评价完成。",
    "en": "Answered the whole survey."
  },
  "survey-not-asked": {
    "zh": "没有请市民评价：{why}。",
    "en": "Not asked what the talk was like: {why}."
  },
  "missed-done": {
    "zh": "不用再回电。",
    "en": "Need not be called back."
  },
  "missed-done/noted": {
    "zh": "不用再回电，备注：{note}",
    "en": "Need not be called back: {note}"
  },
  "message-begun": {
    "zh": "给{queue}留言，开始录音。",
    "en": "Began to leave a message for {queue}."
  },
  "message-dropped": {
    "zh": "没有留下留言。",
    "en": "No message was left."
  },
  "message-left": {
    "zh": "留言已保存，长 {time}。",
    "en": "The message was kept, {time} long."
  },
  "message-taken": {
    "zh": "{who}领取了留言。",
    "en": "{who} took the message."
  },
  "message-returned": {
    "zh": "{who}退回了留言。",
    "en": "{who} gave the message back."
  },
  "message-done": {
    "zh": "留言已处理。",
    "en": "The message is done."
  },
  "message-done/noted": {
    "zh": "留言已处理，备注：{note}",
    "en": "The message is done: {note}"
  },
  "message-removed": {
    "zh": "留言已删除。",
    "en": "The message was removed."
  },
  "routed": {
    "zh": "转往{to}。",
    "en": "Goes on to {to}."
  },
  "call-finished": {
    "zh": "来电结束：{by}。",
    "en": "The call ended: {by}."
  },
  "call-finished/cut": {
    "zh": "来电因故障中断。",
    "en": "A failure cut the call off."
  },
  "call-out-dialled": {
    "zh": "{agent}呼叫 {number}，对方看到 {shown}。",
    "en": "{agent} called {number}, who sees {shown}."
  },
  "call-out-dialled/hidden": {
    "zh": "{agent}呼叫市民，对方看到 {shown}。",
    "en": "{agent} called a citizen, who sees {shown}."
  },
  "call-out-dialled/callback": {
    "zh": "给{agent}振铃，接起后回拨市民，对方看到 {shown}。",
    "en": "Rings at {agent}, who is to call the citizen back; the citizen sees {shown}."
  },
  "call-out-answered": {
    "zh": "{agent}和市民通话。",
    "en": "{agent} and the citizen talk."
  },
  "call-out-failed": {
    "zh": "没有接通：{why}。",
    "en": "Not reached: {why}."
  },
  "call-out-ended": {
    "zh": "通话结束：{by}。",
    "en": "The talk is over: {by}."
  },
  "call-out-ended/agent": {
    "zh": "通话结束：坐席挂断。",
    "en": "The talk is over: the agent hung up."
  },
  "help-called": {
    "zh": "{agent}请求协助。",
    "en": "{agent} called for help."
  },
  "help-over": {
    "zh": "{agent}取消求助。",
    "en": "{agent} took the call for help back."
  },
  "listening-asked": {
    "zh": "{who}要旁听，话机振铃。",
    "en": "{who} asked to listen."
  },
  "listening-began": {
    "zh": "开始旁听。",
    "en": "The listening began."
  },
  "listening-changed": {
    "zh": "旁听方式改变。",
    "en": "The listening changed its mode."
  },
  "listening-ended": {
    "zh": "旁听结束。",
    "en": "The listening ended."
  },
  "leg-measured": {
    "zh": "{leg}的音质：MOS {mos}，丢包 {lost}%，抖动 {jitter_ms} 毫秒。",
    "en": "The sound of {leg}: MOS {mos}, {lost} % lost, jitter {jitter_ms} ms."
  },
  "leg-measured/trip": {
    "zh": "{leg}的音质：MOS {mos}，丢包 {lost}%，抖动 {jitter_ms} 毫秒，往返 {trip_ms} 毫秒。",
    "en": "The sound of {leg}: MOS {mos}, {lost} % lost, jitter {jitter_ms} ms, round trip {trip_ms} ms."
  },
  "leg-measured/silent": {
    "zh": "{leg}没有传来声音。",
    "en": "No sound came from {leg}."
  },
  "sound-lost": {
    "zh": "5 秒没有收到{agent}的声音。",
    "en": "No sound from {agent} for 5 s."
  },
  "sound-lost/caller": {
    "zh": "5 秒没有收到市民的声音。",
    "en": "No sound from the caller for 5 s."
  },
  "sound-back": {
    "zh": "{agent}的声音恢复。",
    "en": "The sound from {agent} is back."
  },
  "sound-back/caller": {
    "zh": "市民的声音恢复。",
    "en": "The sound from the caller is back."
  },
  "queued": {
    "zh": "进入{queue}排队，第 {position} 位。",
    "en": "Waits for {queue}, at place {position}."
  },
  "offered": {
    "zh": "给{agent}振铃。",
    "en": "Rings at {agent}."
  },
  "offer-answered": {
    "zh": "{agent}接起。",
    "en": "{agent} picked up."
  },
  "offer-failed": {
    "zh": "给{agent}振铃，{reason}。",
    "en": "{agent} {reason}."
  },
  "offer-failed/rona": {
    "zh": "给{agent}振铃，{reason}；转为示忙。",
    "en": "{agent} {reason}, and is not ready from now on."
  },
  "offer-cancelled": {
    "zh": "不再给{agent}振铃。",
    "en": "The ring at {agent} was called off."
  },
  "connected": {
    "zh": "和{agent}通话，等了 {time}。",
    "en": "Talks with {agent}, after waiting {time}."
  },
  "talk-ended": {
    "zh": "和{agent}的通话结束：{by}。",
    "en": "The talk with {agent} is over: {by}."
  },
  "left-queue": {
    "zh": "离开{queue}的队列。",
    "en": "Left the queue {queue}."
  },
  "moved": {
    "zh": "{who}移动来电：{to}。",
    "en": "{who} moved the caller: {to}."
  },
  "overflowed": {
    "zh": "按溢出规则离开{queue}。",
    "en": "Left {queue} by an overflow rule."
  },
  "overflowed/waited": {
    "zh": "等了 {limit} 秒，离开{queue}。",
    "en": "Left {queue} after a wait of {limit} s."
  },
  "overflowed/waiting": {
    "zh": "已有 {limit} 人排队，离开{queue}。",
    "en": "Left {queue}: {limit} callers waited already."
  },
  "overflowed/nobody_signed_in": {
    "zh": "没有坐席签入，离开{queue}。",
    "en": "Left {queue}: no agent was signed in."
  },
  "overflowed/estimate": {
    "zh": "预计要等 {limit} 秒，离开{queue}。",
    "en": "Left {queue}: an expected wait of {limit} s."
  },
  "overflowed/queue_removed": {
    "zh": "{queue}已被取消，离开。",
    "en": "Left {queue}: it was taken out of the hotline."
  },
  "announced": {
    "zh": "听到：第 {position} 位，预计 {time}。",
    "en": "Heard: place {position}, about {time}."
  },
  "announced/place": {
    "zh": "听到：第 {position} 位。",
    "en": "Heard: place {position}."
  },
  "announced/wait": {
    "zh": "听到：预计 {time}。",
    "en": "Heard: about {time}."
  },
  "announced/nobody": {
    "zh": "听到：现在没有坐席。",
    "en": "Heard: nobody is there."
  },
  "announced/other": {
    "zh": "听到队列的提示。",
    "en": "Heard a message of the queue."
  },
  "wrap-up-code": {
    "zh": "{agent}选了小结代码：{name}。",
    "en": "{agent} gave a wrap-up code: {name}."
  },
  "note": {
    "zh": "{agent}的备注：{note}",
    "en": "{agent} noted: {note}"
  },
  "note/hidden": {
    "zh": "{agent}写了备注。",
    "en": "{agent} wrote a note."
  }
} as const;

export const PARTS = {
  "agent": {
    "zh": "坐席 {agent}",
    "en": "agent {agent}"
  },
  "robot": {
    "zh": "机器人坐席",
    "en": "the robot agent"
  },
  "nobody": {
    "zh": "系统",
    "en": "the system"
  },
  "hotline": {
    "zh": "热线",
    "en": "The hotline"
  },
  "hidden": {
    "zh": "号码未显示",
    "en": "Number hidden"
  },
  "front": {
    "zh": "队首",
    "en": "the front of the queue"
  },
  "elsewhere": {
    "zh": "别处",
    "en": "another place"
  },
  "supervisor": {
    "zh": "班长",
    "en": "A supervisor"
  },
  "gone/old": {
    "zh": "已过保存期",
    "en": "it was old"
  },
  "gone/forgotten": {
    "zh": "应要求清除",
    "en": "the number was forgotten"
  },
  "gone/lost": {
    "zh": "文件不见了",
    "en": "its file was gone"
  },
  "leg/outside": {
    "zh": "外线",
    "en": "the outside line"
  },
  "leg/phone": {
    "zh": "{agent}的话机",
    "en": "the phone of {agent}"
  },
  "leg/browser": {
    "zh": "{agent}的浏览器",
    "en": "the browser of {agent}"
  },
  "by/caller": {
    "zh": "市民挂断",
    "en": "the caller hung up"
  },
  "by/agent": {
    "zh": "对方挂断",
    "en": "the other end hung up"
  },
  "by/system": {
    "zh": "系统结束",
    "en": "ended by the system"
  },
  "reason/declined": {
    "zh": "拒接",
    "en": "declined"
  },
  "reason/busy": {
    "zh": "话机占线",
    "en": "was busy"
  },
  "reason/unreachable": {
    "zh": "话机不通",
    "en": "could not be reached"
  },
  "reason/other": {
    "zh": "没有接",
    "en": "did not answer"
  },
  "status/CHANUNAVAIL": {
    "zh": "没有话机或线路",
    "en": "there is no phone or line"
  },
  "status/NOANSWER": {
    "zh": "无人接听",
    "en": "no answer"
  },
  "status/BUSY": {
    "zh": "占线",
    "en": "busy"
  },
  "status/CONGESTION": {
    "zh": "线路不通",
    "en": "the line does not lead there"
  },
  "status/ANSWER": {
    "zh": "通话中话机断开",
    "en": "the phone was gone in the middle of the talk"
  },
  "status/other": {
    "zh": "无人接听",
    "en": "no answer"
  },
  "why/agent": {
    "zh": "坐席的话机没有接",
    "en": "the agent's phone was not answered"
  },
  "why/given-up": {
    "zh": "坐席先挂断",
    "en": "the agent hung up before"
  },
  "why/busy": {
    "zh": "占线",
    "en": "busy"
  },
  "why/no-answer": {
    "zh": "无人接听",
    "en": "no answer"
  },
  "why/declined": {
    "zh": "市民拒接",
    "en": "the citizen declined"
  },
  "why/invalid": {
    "zh": "空号",
    "en": "there is no such number"
  },
  "why/unreachable": {
    "zh": "号码不通",
    "en": "the number cannot be reached"
  },
  "why/withdrawn": {
    "zh": "已不用回拨",
    "en": "the callback was over"
  },
  "why/other": {
    "zh": "系统中断",
    "en": "interrupted by the system"
  },
  "why/caller-hung-up": {
    "zh": "市民先挂断",
    "en": "the caller hung up first"
  },
  "why/transferred": {
    "zh": "来电被转接",
    "en": "the caller was transferred"
  },
  "why/asked-recently": {
    "zh": "近期已经问过",
    "en": "the caller was asked not long ago"
  },
  "why/not-chosen": {
    "zh": "没有抽到",
    "en": "not one of the callers who are asked"
  },
  "why/lost": {
    "zh": "通话中断",
    "en": "the connection broke"
  },
  "with-reason": {
    "zh": "{words}原因：{reason}",
    "en": "{words} Why: {reason}"
  }
} as const;

export const ACTIVITIES = {
  "ready": {
    "word": {
      "zh": "就绪",
      "en": "Ready"
    },
    "path": "M8 2a6 6 0 1 0 0 12a6 6 0 1 0 0-12z",
    "colour": "var(--ready)"
  },
  "unreachable": {
    "word": {
      "zh": "话机不通",
      "en": "Unreachable"
    },
    "path": "M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13zM10.7 4.1 4.1 10.7A4.75 4.75 0 0 1 10.7 4.1zM5.3 11.9 11.9 5.3A4.75 4.75 0 0 1 5.3 11.9z",
    "colour": "var(--unreachable)"
  },
  "ringing": {
    "word": {
      "zh": "振铃",
      "en": "Ringing"
    },
    "path": "M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13zM8 4.5a3.5 3.5 0 1 0 0 7a3.5 3.5 0 1 0 0-7z",
    "colour": "var(--ringing)"
  },
  "dialling": {
    "word": {
      "zh": "呼出振铃",
      "en": "Dialling"
    },
    "path": "M8 2 14.5 14H1.5z",
    "colour": "var(--dialling)"
  },
  "talk": {
    "word": {
      "zh": "通话",
      "en": "Talk"
    },
    "path": "M2.5 2.5h11v11h-11z",
    "colour": "var(--on-call)"
  },
  "hold": {
    "word": {
      "zh": "保持",
      "en": "Hold"
    },
    "path": "M2.5 2.5h11v11h-11zM5 5v6h6V5z",
    "colour": "var(--hold)"
  },
  "consult": {
    "word": {
      "zh": "咨询",
      "en": "Consult"
    },
    "path": "M8 1.5 14.5 8 8 14.5 1.5 8z",
    "colour": "var(--consult)"
  },
  "wrap-up": {
    "word": {
      "zh": "整理",
      "en": "Wrap-up"
    },
    "path": "M8 2a6 6 0 1 0 0 12a6 6 0 1 0 0-12zM8 3.5v9a4.5 4.5 0 0 1 0-9z",
    "colour": "var(--wrap-up)"
  },
  "not-ready": {
    "word": {
      "zh": "示忙",
      "en": "Not ready"
    },
    "path": "M5.5 2h5v12h-5z",
    "colour": "var(--not-ready)"
  }
} as const;

