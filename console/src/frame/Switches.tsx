import { language, useSpeaker } from "../texts/language";
import { LANGUAGES } from "../texts/texts";
import styles from "./Switches.module.css";
import { useStore } from "./store";
import { TEXTS } from "./texts";
import { THEMES, theme } from "./theme";

const THEME_TEXTS = { system: TEXTS.themeSystem, light: TEXTS.themeLight, dark: TEXTS.themeDark };
const LANGUAGE_TEXTS = { zh: TEXTS.chinese, en: TEXTS.english };

/** Language and appearance, each kept by this browser. */
export function Switches() {
  const { say, language: now } = useSpeaker();
  const chosen = useStore(theme);
  return (
    <div class={styles.switches}>
      <select
        data-plain
        aria-label={say(TEXTS.theme)}
        value={chosen}
        onChange={(event) => theme.set(THEMES.find((one) => one === event.currentTarget.value) ?? "system")}
      >
        {THEMES.map((one) => (
          <option key={one} value={one}>
            {say(THEME_TEXTS[one])}
          </option>
        ))}
      </select>
      <fieldset class={styles.languages} aria-label={say(TEXTS.language)}>
        {LANGUAGES.map((one) => (
          <button key={one} type="button" data-plain aria-pressed={one === now} onClick={() => language.set(one)}>
            {say(LANGUAGE_TEXTS[one])}
          </button>
        ))}
      </fieldset>
    </div>
  );
}
