import type { SaidOut, StepOut, WalkOut } from "../../../api/schema";
import sheet from "../../../frame/Sheet.module.css";
import { useStore } from "../../../frame/store";
import { type Speaker, useSpeaker } from "../../../texts/language";
import styles from "./Panes.module.css";
import { playing, type Sound, speaking, stop } from "./sounds";
import { WALK } from "./texts";
import { SILENCE, soundOf } from "./walk";

export interface WayProps {
  readonly walk: WalkOut;
  /** These are to be played. */
  readonly onListen: (sounds: readonly Sound[]) => void;
}

/** What the caller has met so far, and did. */
export function Way({ walk, onListen }: WayProps) {
  const speaker = useSpeaker();
  const { say } = speaker;
  const last = walk.steps.at(-1);
  return (
    <section aria-label={say(WALK.way)} class={styles.way}>
      <p class={sheet.quiet}>{walk.head}</p>
      <ol>
        {walk.steps.map((step, index) => (
          <li key={index} data-place={step.place ?? undefined}>
            <span class={styles.time}>{step.at_s === null ? "" : say(WALK.seconds, { at: step.at_s.toFixed(1) })}</span>
            <div>
              <strong>{step.where}</strong>
              {step.said.map((said, at) => (
                <Said key={at} said={said} onListen={onListen} />
              ))}
              {step.did !== null && <p class={styles.did}>{did(step, step.did, speaker)}</p>}
            </div>
          </li>
        ))}
      </ol>
      {walk.unvoiced != null && <p class={styles.unmade}>{walk.unvoiced}</p>}
      <p role="status">{last && !walk.asks && say(WALK.ends, { where: last.where })}</p>
    </section>
  );
}

function Said({ said, onListen }: { said: SaidOut } & Pick<WayProps, "onListen">) {
  const { say } = useSpeaker();
  const now = useStore(playing);
  const spoken = useStore(speaking);
  const sound = soundOf(said);
  return (
    <p class={styles.said}>
      <span lang={said.language}>{said.text}</span>
      {sound === null ? (
        <small class={styles.unmade}>{say(WALK.unspoken)}</small>
      ) : (
        <button type="button" data-plain onClick={() => (now === sound.url ? stop() : onListen([sound]))}>
          {say(now === sound.url ? WALK.stop : WALK.listen)}
        </button>
      )}
      {sound?.unspoken && (
        <small class={styles.unmade}>{say(spoken === sound.url ? WALK.speaking : WALK.unmade)}</small>
      )}
      {said.speaker === "recording" && <small>{say(WALK.recording)}</small>}
      {said.speaker === "draft" && <small class={styles.unmade}>{say(WALK.draft)}</small>}
    </p>
  );
}

function did(step: StepOut, key: string, { say }: Speaker): string {
  if (key === SILENCE) return say(WALK.silent, { wait: step.wait_s });
  return say(step.leads ? WALK.pressed : WALK.wrong, { key });
}
