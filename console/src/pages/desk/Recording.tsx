import { useState } from "preact/hooks";
import { useAnswer } from "../../api/answer";
import { ask } from "../../api/client";
import { useSpeaker } from "../../texts/language";
import styles from "./Desk.module.css";
import { TEXTS } from "./texts";
import { useOrders } from "./transfer/orders";

/** That the talk is recorded. The agent lets the recording pause while a secret is told. */
export function Recording({ call }: { call: string }) {
  const { say } = useSpeaker();
  const { refused, give } = useOrders();
  const { answer } = useAnswer(
    (signal) => ask("get", "/api/v1/calls/{call_id}", { path: { call_id: call } }, signal),
    [call],
  );
  const [turned, setTurned] = useState<boolean | null>(null);
  if (answer === null || answer.recording === null) return null;
  const paused = turned ?? answer.recording === "paused";
  const turn = () =>
    give(async () => {
      const path = paused ? "/api/v1/calls/{call_id}/recording/resume" : "/api/v1/calls/{call_id}/recording/pause";
      await ask("post", path, { path: { call_id: call } });
      setTurned(!paused);
    });
  return (
    <p class={styles.buttons}>
      <span role="status">{say(paused ? TEXTS.recordingPaused : TEXTS.recorded)}</span>
      <button type="button" aria-pressed={paused} onClick={turn}>
        {say(paused ? TEXTS.resumeRecording : TEXTS.pauseRecording)}
      </button>
      {refused !== null && <span role="alert">{refused}</span>}
    </p>
  );
}
