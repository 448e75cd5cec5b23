import { useEffect, useRef, useState } from "preact/hooks";
import type { Store } from "../../../frame/store";
import type { Choice } from "../../../phone/devices";
import { speaker } from "../../../phone/sound";
import { useSpeaker } from "../../../texts/language";
import type { Text } from "../../../texts/texts";

/** Lets a device sound once. */
export function Sounder({
  label,
  choice,
  sound,
}: {
  label: Text;
  choice: Store<Choice>;
  sound: (device: string, stop: AbortSignal) => Promise<void>;
}) {
  const { say } = useSpeaker();
  const [sounds, setSounds] = useState(false);
  const cut = useRef(new AbortController());
  useEffect(() => () => cut.current.abort(), []);
  const once = async () => {
    cut.current.abort();
    const mine = new AbortController();
    cut.current = mine;
    setSounds(true);
    await sound(speaker(choice), mine.signal).catch(() => {}); // without any loudspeaker there is none to try
    if (cut.current === mine) setSounds(false);
  };
  return (
    <button type="button" aria-pressed={sounds} onClick={() => void once()}>
      {say(label)}
    </button>
  );
}
