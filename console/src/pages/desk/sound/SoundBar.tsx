import { useEffect, useState } from "preact/hooks";
import { useStore } from "../../../frame/store";
import { silenced, watchSilence } from "../../../phone/audible";
import { gone } from "../../../phone/devices";
import { followHeadset } from "../../../phone/headset/headset";
import type { Phone } from "../../../phone/model";
import { devices, earChoice, heard, microphoneChoice, ringChoice, tested, used } from "../../../phone/sound";
import { useSpeaker } from "../../../texts/language";
import styles from "./Sound.module.css";
import { SoundDialog } from "./SoundDialog";
import { TEXTS } from "./texts";

/** What is to be said of this computer's sound, and the way to its choices. A call closes them: its keys must work. */
export function SoundBar({ line }: { line: Phone }) {
  const { say } = useSpeaker();
  const [open, setOpen] = useState(false);
  const words = useWords();
  const untested = useUntested();
  const rings = line.call?.stage === "ringing";
  useEffect(watchSilence, []);
  useEffect(followHeadset, []);
  useEffect(() => {
    if (rings) setOpen(false);
  }, [rings]);
  const invites = untested && line.call === null;
  return (
    <>
      {words.map((word) => (
        <output key={word} class={styles.word}>
          {word}
        </output>
      ))}
      {invites && <output>{say(TEXTS.untested)}</output>}
      <button type="button" data-sound data-primary={invites || undefined} onClick={() => setOpen(true)}>
        {say(TEXTS.open)}
      </button>
      {open && !rings && <SoundDialog onDone={() => setOpen(false)} />}
    </>
  );
}

/** The microphone is open, and is not the one that was tested. */
function useUntested(): boolean {
  const known = useStore(tested);
  const now = used(useStore(heard));
  return now !== null && now.label !== known;
}

/** What of the agent's choices does not hold now. */
function useWords(): string[] {
  const { say } = useSpeaker();
  const { microphones, speakers } = useStore(devices);
  const [microphone, ear, ring] = [useStore(microphoneChoice), useStore(earChoice), useStore(ringChoice)];
  const now = used(useStore(heard));
  const words: string[] = [];
  if (useStore(silenced)) words.push(say(TEXTS.silenced));
  if (microphone !== null && now !== null && gone(microphone, microphones)) {
    words.push(say(TEXTS.microphoneGone, { label: microphone.label, used: now.label }));
  }
  if (ear !== null && gone(ear, speakers)) words.push(say(TEXTS.earGone, { label: ear.label }));
  if (ring !== null && gone(ring, speakers)) words.push(say(TEXTS.ringGone, { label: ring.label }));
  return words;
}
