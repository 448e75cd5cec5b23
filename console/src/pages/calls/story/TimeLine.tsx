import type { StoryOut } from "../../../api/schema";
import { useSpeaker } from "../../../texts/language";
import { duration } from "../../../time/format";
import type { Known } from "../known";
import styles from "./Story.module.css";
import { TEXTS } from "./texts";
import { type Kind, type Lane, marks, timeline } from "./timeline";
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

/** The call drawn: the caller's lane above those of everybody who was rung for or talked. */
export function TimeLine({ story, known }: { story: StoryOut; known: Known }) {
  const { say } = useSpeaker();
  const { seconds, lanes } = timeline(story, Date.now());
  const part = (of: number) => `${seconds === 0 ? 0 : (100 * of) / seconds}%`;
  return (
    <section aria-labelledby="line">
      <h2 id="line">{say(TEXTS.line)}</h2>
      <div class={styles.lanes}>
        {lanes.map((lane, place) => (
          <LaneOf key={place} lane={lane} known={known} part={part} />
        ))}
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

function LaneOf({ lane, known, part }: { lane: Lane; known: Known; part: (of: number) => string }) {
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
      </ul>
    </>
  );
}
