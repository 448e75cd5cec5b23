import { useEffect, useRef, useState } from "preact/hooks";
import { ask } from "../../api/client";
import { failure } from "../../frame/failure";
import sheet from "../../frame/Sheet.module.css";
import { useSpeaker } from "../../texts/language";
import { duration, moment } from "../../time/format";
import { CloseDialog, RestartDialog } from "./dialogs";
import styles from "./Health.module.css";
import { started } from "./looks/measures";
import { TEXTS } from "./texts";
import type { Look } from "./watch";

export interface MaintenanceProps {
  seen: Look;
  restarting: boolean;
  onRestarting: (restarting: boolean) => void;
  /** Something was done: look at once. */
  onChanged: () => void;
}

/** Where the calls are, and what a person does to the whole: close, open, restart. */
export function Maintenance({ seen, restarting, onRestarting, onChanged }: MaintenanceProps) {
  const speaker = useSpeaker();
  const { say } = speaker;
  const [asked, setAsked] = useState<"close" | "restart" | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const took = useRestart(seen, restarting, onRestarting);
  const { intake } = seen;

  const open = async () => {
    try {
      await ask("put", "/api/v1/drain", { body: { on: false } });
      setRefused(null);
    } catch (error) {
      setRefused(failure(error, speaker));
    }
    onChanged();
  };

  return (
    <section aria-labelledby="maintenance">
      <div class={sheet.bar}>
        <h2 id="maintenance">{say(TEXTS.maintenance)}</h2>
      </div>
      <div role="status" class={styles.now}>
        {intake.drained_since === null ? (
          say(TEXTS.taken)
        ) : (
          <span class={styles.closed}>{say(TEXTS.closedSince, { time: moment(intake.drained_since) })}</span>
        )}
        {restarting && <p>{say(TEXTS.restarting)}</p>}
        {took !== null && <p>{say(TEXTS.restarted, { time: duration(took) })}</p>}
      </div>
      <Calls seen={seen} />
      {intake.no_restart !== null && <p class={sheet.quiet}>{say(TEXTS.cannotRestart, { why: intake.no_restart })}</p>}
      <p class={sheet.refused} role="alert">
        {refused}
      </p>
      <div class={styles.doings}>
        {intake.drained_since === null ? (
          <button type="button" onClick={() => setAsked("close")}>
            {say(TEXTS.close)}
          </button>
        ) : (
          <button type="button" data-primary onClick={() => void open()}>
            {say(TEXTS.open)}
          </button>
        )}
        <button
          type="button"
          disabled={restarting || intake.restarting || intake.no_restart !== null}
          onClick={() => setAsked("restart")}
        >
          {say(TEXTS.restart)}
        </button>
      </div>
      {asked === "close" && <CloseDialog calls={intake.calls} onClosed={onChanged} onDone={() => setAsked(null)} />}
      {asked === "restart" && (
        <RestartDialog calls={intake.calls} onOrdered={() => onRestarting(true)} onDone={() => setAsked(null)} />
      )}
    </section>
  );
}

/** Seconds that the last restart from here took, once the next service answers; null: there was none. */
function useRestart(seen: Look, restarting: boolean, onRestarting: (restarting: boolean) => void): number | null {
  const [took, setTook] = useState<number | null>(null);
  const process = started(seen.reading.samples);
  const before = useRef<{ process: number | null; at: number } | null>(null);
  useEffect(() => {
    if (!restarting) {
      before.current = null;
      return;
    }
    if (before.current === null) {
      before.current = { process, at: Date.now() };
      setTook(null);
    } else if (process !== before.current.process && seen.readiness.checks.asterisk === "ok") {
      setTook((Date.now() - before.current.at) / 1_000);
      onRestarting(false);
    }
  }, [restarting, process, seen, onRestarting]);
  return took;
}

function Calls({ seen: { intake } }: { seen: Look }) {
  const { say } = useSpeaker();
  const { calls } = intake;
  const places = [
    [TEXTS.inMenus, calls.menu],
    [TEXTS.inQueues, calls.waiting],
    [TEXTS.ringing, calls.ringing],
    [TEXTS.talking, calls.talking],
    [TEXTS.leaving, calls.leaving],
  ] as const;
  return (
    <dl class={styles.calls} aria-label={say(TEXTS.callsNow)}>
      {places.map(([word, count]) => (
        <div key={word.en}>
          <dt>{say(word)}</dt>
          <dd>{count}</dd>
        </div>
      ))}
    </dl>
  );
}
