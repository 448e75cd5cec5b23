/** Made by `python -m tools.console types`: what ivr/model, agents/states and agents/states say. */

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

