import { useEffect, useRef, useState } from "preact/hooks";
import { look } from "../../../phone/sound";
import { useSpeaker } from "../../../texts/language";
import { duration } from "../../../time/format";
import { FileChoice } from "./FileChoice";
import { Meter } from "./Meter";
import { MicrophoneChoice } from "./MicrophoneChoice";
import { NoMicrophone, type Recorder, record, type Trouble } from "./microphone";
import { Playback } from "./Playback";
import styles from "./Recording.module.css";
import { type Take, takeOf, Unreadable } from "./take";
import { TEXTS } from "./texts";

type Stage =
  | { kind: "idle" | "opening" | "reading" }
  | { kind: "recording"; recorder: Recorder }
  | { kind: "ready"; take: Take }
  | { kind: "trouble"; why: Trouble | "notRead" };

/** Where a take is made: by the microphone, or of a file. `onTake` gets it; null: it is thrown away. */
export function Studio({ onTake }: { onTake: (take: Take | null) => void }) {
  const { say } = useSpeaker();
  const [stage, setStage] = useState<Stage>({ kind: "idle" });
  const open = useRef<Recorder | null>(null);
  const closed = useRef(false);
  useEffect(() => {
    void look();
    return () => {
      closed.current = true;
      void open.current?.stop(); // the microphone's lamp goes out
    };
  }, []);

  const go = (next: Stage) => {
    if (closed.current) return;
    setStage(next);
    onTake(next.kind === "ready" ? next.take : null);
  };
  const read = async (file: Blob) => {
    go({ kind: "reading" });
    try {
      go({ kind: "ready", take: await takeOf(file) });
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      go({ kind: "trouble", why: "notRead" });
    }
  };
  const begin = async () => {
    go({ kind: "opening" });
    try {
      const recorder = await record();
      open.current = recorder;
      if (closed.current) await recorder.stop();
      go({ kind: "recording", recorder });
    } catch (error) {
      if (!(error instanceof NoMicrophone)) throw error;
      go({ kind: "trouble", why: error.trouble });
    }
  };
  const end = async (recorder: Recorder) => {
    open.current = null;
    go({ kind: "reading" });
    await read(await recorder.stop());
  };

  const busy = stage.kind === "opening" || stage.kind === "reading";
  const press = () => {
    if (stage.kind === "recording") void end(stage.recorder);
    else if (!busy) void begin();
  };
  const label = stage.kind === "recording" ? TEXTS.stop : stage.kind === "ready" ? TEXTS.again : TEXTS.record;
  return (
    <div class={styles.studio} data-stage={stage.kind}>
      <div class={styles.row}>
        <button type="button" data-primary={stage.kind !== "ready" || undefined} aria-disabled={busy} onClick={press}>
          {say(label)}
        </button>
        <FileChoice shut={busy || stage.kind === "recording"} onFile={(file) => void read(file)} />
        {stage.kind === "ready" && <Playback take={stage.take} />}
      </div>
      {stage.kind === "recording" && (
        <Meter stream={stage.recorder.stream} onLongest={() => void end(stage.recorder)} />
      )}
      <Said stage={stage} />
      <MicrophoneChoice />
    </div>
  );
}

function Said({ stage }: { stage: Stage }) {
  const { say } = useSpeaker();
  switch (stage.kind) {
    case "idle":
      return <p role="status">{say(TEXTS.drop)}</p>;
    case "opening":
      return <p role="status">{say(TEXTS.opening)}</p>;
    case "reading":
      return <p role="status">{say(TEXTS.reading)}</p>;
    case "recording":
      return null; // the meter says it
    case "trouble":
      return (
        <p role="status" class={styles.trouble}>
          {say(TROUBLES[stage.why])}
        </p>
      );
    case "ready":
      return (
        <p role="status">
          {say(TEXTS.ready, { time: duration(Math.ceil(stage.take.seconds)) })}{" "}
          {stage.take.fault !== null && <strong class={styles.trouble}>{say(FAULTS[stage.take.fault])}</strong>}
        </p>
      );
  }
}

const TROUBLES = {
  denied: TEXTS.denied,
  missing: TEXTS.missing,
  busy: TEXTS.busy,
  insecure: TEXTS.insecure,
  unable: TEXTS.unable,
  notRead: TEXTS.notRead,
} as const;

const FAULTS = { "too-long": TEXTS.tooLong, silent: TEXTS.silent, quiet: TEXTS.quiet, clipped: TEXTS.clipped } as const;
