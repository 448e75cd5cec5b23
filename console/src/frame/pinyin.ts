/** The initials of Chinese words: `绿化` is found by `lh`. The browser itself knows the order of pinyin. Pure. */

/** The first character of each letter in that order. Nothing begins with i, u or v. */
const FIRST = "阿八嚓搭蛾发噶哈击喀垃妈拿哦啪期然撒塌挖昔压匝";
const LETTERS = "abcdefghjklmnopqrstwxyz";

/** Surnames that are read in another way than the same character elsewhere: `曾` is zeng, not ceng. */
const SURNAMES: Readonly<Record<string, string>> = {
  曾: "z",
  单: "s",
  解: "x",
  仇: "q",
  查: "z",
  区: "o",
  朴: "p",
  盖: "g",
  翟: "z",
  乐: "y",
  尉: "y",
  冼: "x",
  员: "y",
  召: "s",
};

const HAN = /\p{Script=Han}/u;

const pinyin = new Intl.Collator("zh-Hans-CN-u-co-pinyin");

/** `绿化一席` → `lhyx`. `surname`: the first character is one. What is not Chinese stays as it is. */
export function initials(words: string, surname = false): string {
  return [...words].map((sign, at) => (surname && at === 0 && SURNAMES[sign]) || letter(sign)).join("");
}

function letter(sign: string): string {
  if (!HAN.test(sign)) return sign.toLowerCase();
  const after = [...FIRST].findIndex((first) => pinyin.compare(first, sign) > 0);
  return LETTERS.at(after < 0 ? -1 : after - 1) ?? sign;
}

/** What was asked for before: the browser needs a while for each character, and a list asks at every key. */
const known = new Map<string, string>();
const MOST_KNOWN = 2_000;

/** How a name can be found: as it is written, by its initials, and by those of a surname. Lower case. */
export function spellings(name: string): string {
  const before = known.get(name);
  if (before !== undefined) return before;
  if (known.size >= MOST_KNOWN) known.clear();
  const made = [...new Set([name.toLowerCase(), initials(name), initials(name, true)])].join(" ");
  known.set(name, made);
  return made;
}
