import { useEffect, useRef, useState } from "preact/hooks";
import { address, headers, reach, refusal } from "../../../api/client";
import type { TalkRecordingOut } from "../../../api/schema";
import { failure } from "../../../frame/failure";
import { called } from "../../../frame/names";
import sheet from "../../../frame/Sheet.module.css";
import { useSpeaker } from "../../../texts/language";
import { duration, moment } from "../../../time/format";
import { agentCalled, type Known } from "../known";
import styles from "./Recordings.module.css";
import { TEXTS } from "./texts";
import { peaks } from "./wave";

/** Of the picture, in its own units. */
const WIDTH = 1_200;
const HEIGHT = 48;

const MARKS = { begun: TEXTS.begunMark, pause: TEXTS.pauseMark, hold: TEXTS.holdMark } as const;

/** Samples a second at which a recording is decoded for its picture: as it was recorded. */
const RATE = 8_000;

/** Where a recording is to be played from: set anew for each press. */
export interface Place {
  readonly recording: string;
  readonly at: number;
}

/** The recordings of a call's talks. Nothing is shown of a call without any. */
export function Recordings({ of, known, from }: { of: readonly TalkRecordingOut[]; known: Known; from: Place | null }) {
  const { say } = useSpeaker();
  if (of.length === 0) return null;
  return (
    <section>
      <h2>{say(TEXTS.recordings)}</h2>
      {of.map((one) =>
        one.playable ? (
          <Player key={one.id} of={one} known={known} from={from?.recording === one.id ? from : null} />
        ) : (
          <Encrypted key={one.id} of={one} known={known} />
        ),
      )}
    </section>
  );
}

/** Whose talk it is, and when. */
function useTitle(of: TalkRecordingOut, known: Known): string {
  const { say, language } = useSpeaker();
  return say(TEXTS.recordingOf, {
    agent: agentCalled(known, of.agent),
    queue: called(known.names?.queues, of.queue, language),
    from: moment(of.began),
    time: duration(of.length_s),
  });
}

function Encrypted({ of, known }: { of: TalkRecordingOut; known: Known }) {
  const { say } = useSpeaker();
  const file = address("/api/v1/recordings/{recording_id}", { recording_id: of.id }, { as_kept: "true" });
  return (
    <div class={styles.player} data-recording={of.id}>
      <p>{useTitle(of, known)}</p>
      <p>
        {say(TEXTS.noKey)} <a href={file}>{say(TEXTS.encryptedFile)}</a>
      </p>
    </div>
  );
}

function Player({ of, known, from }: { of: TalkRecordingOut; known: Known; from: Place | null }) {
  const speaker = useSpeaker();
  const { say } = speaker;
  const audio = useRef<HTMLAudioElement>(null);
  const [sides, setSides] = useState<readonly (readonly number[])[] | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [at, setAt] = useState(0);
  const sound = address("/api/v1/recordings/{recording_id}", { recording_id: of.id });
  const seek = (seconds: number) => {
    if (audio.current !== null) audio.current.currentTime = seconds;
  };
  useEffect(() => {
    if (from === null || audio.current === null) return;
    audio.current.currentTime = from.at;
    audio.current.play().catch(() => {}); // the player says why it cannot
  }, [from]);
  const picture = async () => {
    if (sides !== null) return;
    setSides([]);
    try {
      setSides(await drawn(sound));
    } catch (failed) {
      if (!(failed instanceof DOMException)) setError(failed); // else it is no sound, as the player says
    }
  };
  const who = useTitle(of, known);
  return (
    <div class={styles.player} data-recording={of.id}>
      <p>{who}</p>
      {/* biome-ignore lint/a11y/useMediaCaption: nobody has written down what the two say */}
      <audio
        ref={audio}
        class={styles.audio}
        controls
        preload="none"
        src={sound}
        aria-label={who}
        onPlay={picture}
        onTimeUpdate={({ currentTarget }) => setAt(currentTarget.currentTime)}
      />
      {error !== null && (
        <p class={sheet.refused} role="alert">
          {failure(error, speaker)}
        </p>
      )}
      {sides?.map((side, index) => (
        <Wave
          key={index === 0 ? "caller" : "agent"}
          name={say(index === 0 ? TEXTS.citizen : TEXTS.agentSide)}
          side={side}
          at={at / of.length_s}
          onSeek={(share) => seek(share * of.length_s)}
        />
      ))}
      {of.marks.length > 0 && (
        <ul class={styles.marks}>
          {of.marks.map((mark) => (
            <li key={mark.at_s}>
              <button type="button" onClick={() => seek(mark.at_s)}>
                {say(MARKS[mark.what], {
                  at: duration(mark.at_s),
                  time: duration(mark.held_s),
                })}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

interface WaveProps {
  name: string;
  side: readonly number[];
  at: number;
  onSeek: (share: number) => void;
}

/** One side. A press in it plays on from there; by the keyboard the player above does that. */
function Wave({ name, side, at, onSeek }: WaveProps) {
  const bars = side.map((peak, x) => `M${x + 0.5} ${(HEIGHT * (1 - peak)) / 2}v${Math.max(1, HEIGHT * peak)}`).join("");
  const press = (event: MouseEvent & { currentTarget: SVGSVGElement }) => {
    const box = event.currentTarget.getBoundingClientRect();
    onSeek((event.clientX - box.left) / box.width);
  };
  return (
    <div class={styles.side}>
      <span>{name}</span>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the player above seeks by the keyboard */}
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={name} onClick={press}>
        <path d={bars} />
        <path class={styles.at} d={`M${at * WIDTH} 0v${HEIGHT}`} />
      </svg>
    </div>
  );
}

/** The wave forms of both sides of this sound. */
async function drawn(sound: string): Promise<number[][]> {
  const response = await reach(sound, { headers: headers("get") });
  if (!response.ok) throw await refusal(response);
  const buffer = await new OfflineAudioContext(2, 1, RATE).decodeAudioData(await response.arrayBuffer());
  return [0, 1].map((side) => peaks(buffer.getChannelData(side), WIDTH));
}
