import { useState } from "preact/hooks";
import { useAnswer } from "../../api/answer";
import { ask } from "../../api/client";
import { useSpeaker } from "../../texts/language";
import styles from "./Desk.module.css";
import { TEXTS } from "./texts";
import { useOrders } from "./transfer/orders";

/** Whether the talk is recorded. Where the queue leaves it to the agent, the agent begins; both hear so before. The agent lets
 * the recording pause while a secret is told. */
export function Recording({ call }: { call: string }) {
  const { say } = useSpeaker();
  const { refused, give } = useOrders();
  const { answer } = useAnswer(
    (signal) => ask("get", "/api/v1/calls/{call_id}", { path: { call_id: call } }, signal),
    [call],
  );
  const [turned, setTurned] = useState<"on" | "paused" | "starts" | null>(null);
  const is = turned ?? answer?.recording ?? null;
  if (is === null) return null;
  const paused = is === "paused";
  const turn = () =>
    give(async () => {
      const path = paused ? "/api/v1/calls/{call_id}/recording/resume" : "/api/v1/calls/{call_id}/recording/pause";
      await ask("post", path, { path: { call_id: call } });
      setTurned(paused ? "on" : "paused");
    });
  const start = () => {
    setTurned("starts");
    return give(async () => {
      try {
        await ask("post", "/api/v1/calls/{call_id}/recording/start", { path: { call_id: call } });
        setTurned("on");
      } catch (failed) {
        setTurned(null);
        throw failed;
      }
    });
  };
  if (is === "off" || is === "starts") {
    return (
      <p class={styles.buttons}>
        <button type="button" disabled={is === "starts"} onClick={start}>
          {say(TEXTS.record)}
        </button>
        {is === "starts" && <span role="status">{say(TEXTS.recordingTold)}</span>}
        {refused !== null && <span role="alert">{refused}</span>}
      </p>
    );
  }
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
