import { useEffect, useState } from "preact/hooks";
import { ask } from "../../../api/client";
import type { DayOut } from "../../../api/schema";
import { followLink } from "../../../frame/place";
import type { Agent } from "../../../live/board";
import { useSpeaker } from "../../../texts/language";
import { now, useNow } from "../../../time/clock";
import { duration } from "../../../time/format";
import { TEXTS } from "./texts";
import styles from "./WrapUp.module.css";

/** Milliseconds after which the figures are asked for anew: midnight comes without a call. */
const ANEW = 60_000;

/** The agent's day so far. */
export function DayFoot({ me }: { me: Agent }) {
  const { say } = useSpeaker();
  const at = useNow();
  const [day, setDay] = useState<(DayOut & { at: number }) | null>(null);
  const { id, state } = me;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `state` says when they have changed
  useEffect(() => {
    const cut = new AbortController();
    const look = () =>
      void ask("get", "/api/v1/agents/{agent_id}/day", { path: { agent_id: id } }, cut.signal).then(
        (answer) => setDay({ ...answer, at: now() }),
        () => {}, // the last figures stay
      );
    look();
    const timer = setInterval(look, ANEW);
    return () => {
      clearInterval(timer);
      cut.abort();
    };
  }, [id, state]);
  if (day === null) return <footer class={styles.day} />;
  const since = (which: Agent["state"]) => (state === which ? (at - day.at) / 1_000 : 0);
  return (
    <footer class={styles.day}>
      {[
        say(TEXTS.today),
        say(TEXTS.calls, { count: day.calls }),
        say(TEXTS.missed, { count: day.missed }),
        say(TEXTS.talk, { time: duration(day.talk_s + since("on-call")) }),
        say(TEXTS.wrapUp, { time: duration(day.wrap_up_s + since("wrap-up")) }),
      ].join(" · ")}
      {" · "}
      <a href="/day" onClick={followLink}>
        {say(TEXTS.myDay)}
      </a>
    </footer>
  );
}
