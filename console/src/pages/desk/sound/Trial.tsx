import { useEffect, useRef, useState } from "preact/hooks";
import { measure, type Verdict, verdict } from "../../../phone/level";
import { play, record } from "../../../phone/recording";
import { earChoice, speaker, tested, used } from "../../../phone/sound";
import { useSpeaker } from "../../../texts/language";
import styles from "./Sound.module.css";
import { TEXTS } from "./texts";

const SECONDS = 3;

type Stage = "idle" | "speaking" | "hearing" | "failed" | Verdict;

/** Speak for three seconds, and hear it where callers are heard. */
export function Trial({ stream }: { stream: MediaStream }) {
  const { say } = useSpeaker();
  const [stage, setStage] = useState<Stage>("idle");
  const [left, setLeft] = useState(SECONDS);
  const cut = useRef(new AbortController());
  useEffect(() => () => cut.current.abort(), []);
  useEffect(() => {
    if (stage !== "speaking") return;
    const timer = setInterval(() => setLeft((seconds) => Math.max(1, seconds - 1)), 1_000);
    return () => clearInterval(timer);
  }, [stage]);

  const busy = stage === "speaking" || stage === "hearing";
  const attempt = async () => {
    if (busy) return;
    const { signal } = cut.current;
    let loudest = 0;
    setLeft(SECONDS);
    setStage("speaking");
    const stop = measure(stream, (peak) => {
      loudest = Math.max(loudest, peak);
    });
    try {
      const recorded = await record(stream, SECONDS, signal);
      setStage("hearing");
      await play(recorded, speaker(earChoice), signal);
      if (signal.aborted) return;
      const found = verdict(loudest);
      if (found !== "silent") tested.set(used(stream)?.label ?? "");
      setStage(found);
    } catch {
      if (!signal.aborted) setStage("failed");
    } finally {
      stop();
    }
  };
  const words = {
    idle: "",
    speaking: say(TEXTS.speak, { seconds: left }),
    hearing: say(TEXTS.hear),
    failed: say(TEXTS.failed),
    silent: say(TEXTS.silent),
    quiet: say(TEXTS.quiet),
    good: say(TEXTS.good),
    clipped: say(TEXTS.clipped),
  }[stage];
  return (
    <div class={styles.trial}>
      <button type="button" data-primary aria-disabled={busy} onClick={() => void attempt()}>
        {say(TEXTS.record)}
      </button>
      <output data-verdict={stage}>{words}</output>
    </div>
  );
}
