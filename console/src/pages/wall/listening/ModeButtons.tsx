import type { Mode } from "../../../api/schema";
import { Key } from "../../../frame/Key";
import { useSpeaker } from "../../../texts/language";
import { MODES } from "./supervision";
import { TEXTS } from "./texts";

const WORDS = { listen: TEXTS.listen, whisper: TEXTS.whisper, join: TEXTS.join } as const;

/** Listen, whisper, join. `now`: the mode that is on. */
export function ModeButtons({ now, onMode }: { now?: Mode | undefined; onMode: (mode: Mode) => void }) {
  const { say } = useSpeaker();
  return MODES.map((mode) => (
    <button
      type="button"
      key={mode}
      aria-pressed={now === undefined ? undefined : now === mode}
      onClick={() => onMode(mode)}
    >
      {say(WORDS[mode])} <Key name={mode.charAt(0).toUpperCase()} />
    </button>
  ));
}
