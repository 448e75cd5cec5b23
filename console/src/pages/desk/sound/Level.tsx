import { useEffect, useState } from "preact/hooks";
import { height, measure } from "../../../phone/level";
import { useSpeaker } from "../../../texts/language";
import { TEXTS } from "./texts";

/** How loud the microphone is now. */
export function Level({ stream }: { stream: MediaStream }) {
  const { say } = useSpeaker();
  const [peak, setPeak] = useState(0);
  useEffect(() => measure(stream, setPeak), [stream]);
  return <meter aria-label={say(TEXTS.level)} min={0} max={1} value={height(peak)} />;
}
