import { useEffect, useState } from "preact/hooks";
import { height, measure } from "../../../phone/level";
import { useSpeaker } from "../../../texts/language";
import { duration } from "../../../time/format";
import styles from "./Recording.module.css";
import { LONGEST } from "./take";
import { TEXTS } from "./texts";

/** How loud the recording is now, and for how long it goes on. `onLongest`: it may not go on. */
export function Meter({ stream, onLongest }: { stream: MediaStream; onLongest: () => void }) {
  const { say } = useSpeaker();
  const [peak, setPeak] = useState(0);
  const [seconds, setSeconds] = useState(0);
  useEffect(() => measure(stream, setPeak), [stream]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: one clock for one recording
  useEffect(() => {
    const begun = performance.now();
    const timer = setInterval(() => {
      const passed = (performance.now() - begun) / 1_000;
      setSeconds(Math.floor(passed));
      if (passed >= LONGEST) onLongest();
    }, 200);
    return () => clearInterval(timer);
  }, [stream]);
  return (
    <div class={styles.meter}>
      <meter aria-label={say(TEXTS.level)} min={0} max={1} value={height(peak)} />
      <p role="timer">{say(TEXTS.recording, { time: duration(seconds), most: duration(LONGEST) })}</p>
    </div>
  );
}
