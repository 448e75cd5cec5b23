import type { Text } from "../../../texts/texts";
import { TEXTS } from "./texts";

/** What the hotline's languages are called. */
export const LANGUAGE_NAMES: Readonly<Record<string, Text>> = { zh: TEXTS.inChinese, en: TEXTS.inEnglish };
