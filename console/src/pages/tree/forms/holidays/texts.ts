import type { Texts } from "../../../../texts/texts";

export const TEXTS = {
  daysHint: {
    zh: "点一天；要选连续几天，再点最后一天。然后选放假还是上班。",
    en: "Click a day; for several, click the last one too. Then choose whether these are off or worked.",
  },
  whichCalendar: { zh: "哪个日历", en: "Which calendar" },
  newCalendar: { zh: "新日历", en: "New calendar" },
  noCalendar: {
    zh: "还没有日历。开放时间选了日历，节假日才会关闭。",
    en: "There is no calendar yet. Opening hours that have one are closed on its holidays.",
  },
  unusedCalendar: {
    zh: "还没有开放时间用这个日历：在“开放时间”里选它。",
    en: "No opening hours have this calendar yet: choose it in Opening hours.",
  },
  calendarWhole: { zh: "整个日历", en: "The whole calendar" },
  country: { zh: "哪国的法定节假日", en: "Public holidays of" },
  countryHint: {
    zh: "CN 是中国，别的如 DE、DE-BE。不填：只有自己点出的日子。",
    en: "CN is China; others are DE, DE-BE. Empty: only the days that you click.",
  },
  days: { zh: "放假和上班的日子", en: "Days off and days worked" },
  dayOff: { zh: "放假", en: "off" },
  dayWorked: { zh: "上班", en: "worked" },
  noOwnDay: { zh: "不另定", en: "no day of our own" },
  holidayKnown: { zh: "法定节假日", en: "public holiday" },
  makeupKnown: { zh: "调休上班", en: "worked in place of a holiday" },
  weekend: { zh: "周末", en: "weekend" },
  noDays: { zh: "没有", en: "none" },
  ownOff: { zh: "另定放假：{days}。", en: "Our own days off: {days}." },
  ownWorking: { zh: "另定上班：{days}。", en: "Our own days worked: {days}." },
  council: { zh: "国务院办公厅公布的 {year} 年放假：{days}。", en: "Off in {year}, by the State Council: {days}." },
  holidaysOf: { zh: "{year} 年法定节假日：{days}。", en: "Public holidays of {year}: {days}." },
  makeupOf: { zh: "调休上班：{days}。", en: "Worked in their place: {days}." },
  notYetChina: {
    zh: "{year} 年的放假安排这里还没有。国务院办公厅一般在头一年 11 月前后公布（www.gov.cn，“部分节假日安排的通知”）：公布后在上面点出放假和上班的日子，再填下面的“填全到哪一年”。",
    en: "The holidays of {year} are not known here. The State Council publishes them at www.gov.cn, about November of the year before. Then click the days off and the days worked above, and fill in “Complete up to the year” below.",
  },
  notYet: {
    zh: "{year} 年的节假日这里还没有：在上面点出来，再填下面的“填全到哪一年”。",
    en: "The holidays of {year} are not known here: click them above, and fill in “Complete up to the year” below.",
  },
  until: { zh: "填全到哪一年", en: "Complete up to the year" },
  untilHint: {
    zh: "这一年及以前的日子都点好了。不填：以国家公布的为准。",
    en: "All days up to its end are there. Empty: as far as the country's are known.",
  },
} as const satisfies Texts;
