import { useModal } from "../../../frame/modal";
import { useStore } from "../../../frame/store";
import { headset, pair, pairable } from "../../../phone/headset/headset";
import { ringOnce, tone } from "../../../phone/recording";
import { devices, divides, earChoice, heard, microphoneChoice, ringChoice } from "../../../phone/sound";
import { useSpeaker } from "../../../texts/language";
import { DeviceChoice } from "./DeviceChoice";
import { Level } from "./Level";
import { allow, permission } from "./notification";
import styles from "./Sound.module.css";
import { Sounder } from "./Sounder";
import { Trial } from "./Trial";
import { TEXTS } from "./texts";

/** Microphone and headset: chosen, and tried before the first call. */
export function SoundDialog({ onDone }: { onDone: () => void }) {
  const { say } = useSpeaker();
  const { close, attributes } = useModal(onDone);
  const { microphones, speakers } = useStore(devices);
  const stream = useStore(heard);
  return (
    <dialog class={styles.dialog} aria-labelledby="sound-title" {...attributes}>
      <h2 id="sound-title">{say(TEXTS.open)}</h2>
      <DeviceChoice label={TEXTS.microphone} choice={microphoneChoice} devices={microphones}>
        {stream === null ? <span>{say(TEXTS.closed)}</span> : <Level stream={stream} />}
      </DeviceChoice>
      {divides ? (
        <>
          <DeviceChoice label={TEXTS.ear} choice={earChoice} devices={speakers}>
            <Sounder label={TEXTS.tone} choice={earChoice} sound={tone} />
          </DeviceChoice>
          <DeviceChoice label={TEXTS.ring} choice={ringChoice} devices={speakers}>
            <Sounder label={TEXTS.ringOnce} choice={ringChoice} sound={ringOnce} />
          </DeviceChoice>
        </>
      ) : (
        <p class={styles.hint}>{say(TEXTS.undivided)}</p>
      )}
      {stream !== null && <Trial key={stream.id} stream={stream} />}
      <Buttons />
      <Notice />
      <div class={styles.end}>
        <button type="button" onClick={close}>
          {say(TEXTS.close)}
        </button>
      </div>
    </dialog>
  );
}

function Buttons() {
  const { say } = useSpeaker();
  const name = useStore(headset);
  const words = name === null ? say(TEXTS.unpaired) : say(TEXTS.paired, { name });
  return (
    <section class={styles.row} aria-label={say(TEXTS.buttons)}>
      <h3>{say(TEXTS.buttons)}</h3>
      <p>{pairable() ? words : say(TEXTS.unpairable)}</p>
      {pairable() && (
        <button type="button" onClick={() => void pair().catch(() => {})}>
          {say(TEXTS.pair)}
        </button>
      )}
    </section>
  );
}

function Notice() {
  const { say } = useSpeaker();
  const now = useStore(permission);
  if (now === "unsupported") return null;
  return (
    <section class={styles.row} aria-label={say(TEXTS.notice)}>
      <h3>{say(TEXTS.notice)}</h3>
      <p>{say(now === "denied" ? TEXTS.refused : TEXTS.noticeOf)}</p>
      {now === "default" && (
        <button type="button" onClick={() => void allow()}>
          {say(TEXTS.allow)}
        </button>
      )}
      {now === "granted" && <output>{say(TEXTS.allowed)}</output>}
    </section>
  );
}
