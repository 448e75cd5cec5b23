import type { StoryOut, TalkRecordingOut } from "../../../api/schema";
import { useSpeaker } from "../../../texts/language";
import { duration } from "../../../time/format";
import type { Known } from "../known";
import styles from "./Story.module.css";
import { TEXTS } from "./texts";
import { type Kind, type Lane, marks, type Prompt, type Sound, sounds, timeline } from "./timeline";
import { target } from "./words";

const WORDS = {
  menu: TEXTS.menu,
  wait: TEXTS.wait,
  ring: TEXTS.ring,
  talk: TEXTS.talk,
  hold: TEXTS.hold,
  consult: TEXTS.consult,
  after: TEXTS.after,
} as const satisfies Record<Kind, unknown>;

/** Plays that recording from one of its seconds on. */
export type Play = (recording: string, at: number) => void;

interface TimeLineProps {
  story: StoryOut;
  known: Known;
  recordings: readonly TalkRecordingOut[];
  onPlay: Play;
}

/** The call drawn: the caller's lane above those of everybody who was rung for or talked, and what can be heard of it. */
export function TimeLine({ story, known, recordings, onPlay }: TimeLineProps) {
  const { say } = useSpeaker();
  const { seconds, prompts, lanes } = timeline(story, Date.now());
  const heard = sounds(story, recordings);
  const part = (of: number) => `${seconds === 0 ? 0 : (100 * of) / seconds}%`;
  return (
    <section aria-labelledby="line">
      <h2 id="line">{say(TEXTS.line)}</h2>
      <div class={styles.lanes}>
        {lanes.map((lane, place) => (
          <LaneOf key={place} lane={lane} known={known} part={part} prompts={lane.who === null ? prompts : []} />
        ))}
        {heard.length > 0 && <SoundLane sounds={heard} part={part} onPlay={onPlay} />}
        <div class={styles.axis} aria-hidden="true">
          {marks(seconds).map((at) => (
            <span key={at} style={{ left: part(at) }}>
              {duration(at)}
            </span>
          ))}
        </div>
      </div>
    </section>
  );
}

/** A press plays from there; by the keyboard, from the beginning of the part. */
function SoundLane({ sounds, part, onPlay }: { sounds: readonly Sound[]; part: Part; onPlay: Play }) {
  const { say } = useSpeaker();
  const press = ({ recording, from, to, at }: Sound, event: MouseEvent & { currentTarget: HTMLButtonElement }) => {
    const box = event.currentTarget.getBoundingClientRect();
    const share = event.detail === 0 ? 0 : (event.clientX - box.left) / box.width;
    onPlay(recording, at + share * (to - from));
  };
  return (
    <>
      <b class={styles.who}>{say(TEXTS.recordings)}</b>
      <ul class={styles.lane}>
        {sounds.map((sound) => {
          const { from, to } = sound;
          const words = say(TEXTS.play, { from: duration(from), to: duration(to) });
          return (
            <li key={from} data-kind="sound" style={{ left: part(from), width: part(to - from) }}>
              <button type="button" title={words} aria-label={words} onClick={(event) => press(sound, event)}>
                ▶
              </button>
            </li>
          );
        })}
      </ul>
    </>
  );
}

type Part = (of: number) => string;

interface LaneProps {
  lane: Lane;
  known: Known;
  part: Part;
  /** What the caller heard: the list of steps has it in words. */
  prompts: readonly Prompt[];
}

function LaneOf({ lane, known, part, prompts }: LaneProps) {
  const speaker = useSpeaker();
  const { say } = speaker;
  const who = lane.who === null ? say(TEXTS.citizen) : target(lane.who, known, speaker);
  return (
    <>
      <b class={styles.who}>{who}</b>
      <ul class={styles.lane}>
        {lane.bars.map(({ kind, from, to, reason }) => {
          const what = say(WORDS[kind]);
          const words = say(TEXTS.bar, { who, what, from: duration(from), to: duration(to) });
          const whole = reason ? `${words}: ${reason}` : words;
          return (
            <li key={from} data-kind={kind} title={whole} style={{ left: part(from), width: part(to - from) }}>
              <span aria-hidden="true">{what}</span>
              <span class="spoken">{whole}</span>
            </li>
          );
        })}
        {prompts.map(({ at, text }, place) => (
          <li key={`${at} ${place}`} data-kind="prompt" aria-hidden="true" title={text} style={{ left: part(at) }} />
        ))}
      </ul>
    </>
  );
}
