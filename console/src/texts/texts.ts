/** What a visible text is: both languages side by side, so that none is missing. Pages bring a `texts.ts` of their own. */

export const LANGUAGES = ["zh", "en"] as const;
export type Language = (typeof LANGUAGES)[number];

/** `{name}` stands for a value. */
export type Text = Readonly<Record<Language, string>>;
export type Texts = Readonly<Record<string, Text>>;

export type Values = Readonly<Record<string, string | number>>;

/** The text in that language, with its values. */
export function say(text: Text, language: Language, values: Values = {}): string {
  return text[language].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** Names from the hotline's folder: by language; `*` stands for every language. */
export function named(names: Readonly<Record<string, string>>, language: Language): string {
  return names[language] ?? names["*"] ?? Object.values(names)[0] ?? "";
}

/** The first of the browser's languages that there is. */
export function preferred(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const found = LANGUAGES.find((language) => tag.toLowerCase().split("-")[0] === language);
    if (found) return found;
  }
  return "en";
}
