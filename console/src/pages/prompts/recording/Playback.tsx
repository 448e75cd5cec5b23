import { useEffect, useRef, useState } from "preact/hooks";
import { play } from "../../../phone/recording";
import { earChoice, speaker } from "../../../phone/sound";
import { useSpeaker } from "../../../texts/language";
import styles from "./Recording.module.css";
import type { Take } from "./take";
import { TEXTS } from "./texts";

/** Plays a take before it is kept. */
export function Playback({ take }: { take: Take }) {
  const { say } = useSpeaker();
  const [stage, setStage] = useState<"idle" | "plays" | "mute">("idle");
  const cut = useRef(new AbortController());
  useEffect(() => () => cut.current.abort(), []);
  const press = async () => {
    cut.current.abort();
    if (stage === "plays") return;
    const mine = new AbortController();
    cut.current = mine;
    setStage("plays");
    let next: "idle" | "mute" = "idle";
    try {
      await play(await take.wav.arrayBuffer(), speaker(earChoice), mine.signal);
    } catch {
      next = "mute";
    }
    if (cut.current === mine) setStage(next);
  };
  return (
    <>
      <button type="button" data-plays={stage === "plays"} onClick={() => void press()}>
        {say(stage === "plays" ? TEXTS.hearing : TEXTS.hear)}
      </button>
      {stage === "mute" && <output class={styles.trouble}>{say(TEXTS.mute)}</output>}
    </>
  );
}
