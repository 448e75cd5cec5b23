import { useState } from "preact/hooks";
import { useAnswer } from "../../../api/answer";
import { ask, Refused } from "../../../api/client";
import type { StoryOut } from "../../../api/schema";
import { failure } from "../../../frame/failure";
import { PhoneNumber } from "../../../frame/PhoneNumber";
import { followLink } from "../../../frame/place";
import sheet from "../../../frame/Sheet.module.css";
import { useStore } from "../../../frame/store";
import { TEXTS as FRAME } from "../../../frame/texts";
import { has, session } from "../../../session/session";
import { useSpeaker } from "../../../texts/language";
import { named } from "../../../texts/texts";
import { duration, moment } from "../../../time/format";
import { type Known, placeOf, useKnown } from "../known";
import { became, waitOf } from "../outcomes";
import { Noted } from "./Noted";
import { type Place, Recordings } from "./Recordings";
import { Steps } from "./Steps";
import styles from "./Story.module.css";
import { TimeLine } from "./TimeLine";
import { TEXTS } from "./texts";

/** One call: who, what became of it, what was noted, the line of time, and each step. `back`: where the reader comes from. */
export function Story({ id, back }: { id: string; back: string }) {
  const speaker = useSpeaker();
  const { say } = speaker;
  const known = useKnown();
  const { answer, error } = useAnswer(
    (signal) => ask("get", "/api/v1/calls/{call_id}", { path: { call_id: id } }, signal),
    [id],
  );
  const gone = error instanceof Refused && error.status === 404;
  return (
    <main class={sheet.sheet}>
      <p>
        <a href={back} onClick={followLink}>
          {say(TEXTS.back)}
        </a>
      </p>
      {error !== null && (
        <p class={sheet.refused} role="alert">
          {gone ? say(TEXTS.gone) : failure(error, speaker)}
        </p>
      )}
      {answer === null ? (
        error === null && <p class={sheet.quiet}>{say(FRAME.loading)}</p>
      ) : (
        <Loaded story={answer} known={known} />
      )}
    </main>
  );
}

function Loaded({ story, known }: { story: StoryOut; known: Known }) {
  const speaker = useSpeaker();
  const { say, language } = speaker;
  const who = useStore(session);
  const hears = who.kind === "signed-in" && has(who.who, "supervisor", "administrator", "department");
  const { answer: recordings, error } = useAnswer(
    async (cut) =>
      hears ? ask("get", "/api/v1/calls/{call_id}/recordings", { path: { call_id: story.id } }, cut) : [],
    [story.id, hears],
  );
  const [from, setFrom] = useState<Place | null>(null);
  const wait = waitOf(story);
  const facts = [
    moment(story.started),
    placeOf(known, story, language),
    wait !== null && say(TEXTS.waitedFor, { time: duration(wait) }),
    say(became(story)),
    story.test && say(TEXTS.test),
  ];
  const way = story.way.map(({ key, name }) => [key, named(name, language)].filter(Boolean).join(" "));
  return (
    <>
      <div>
        <h1 class={styles.number}>{story.caller === "" ? say(TEXTS.hidden) : <PhoneNumber of={story.caller} />}</h1>
        <p>{facts.filter(Boolean).join(" · ")}</p>
        {way.length > 0 && (
          <p class={sheet.quiet}>
            <span class="spoken">{say(TEXTS.way)} </span>
            {way.join(" → ")}
          </p>
        )}
      </div>
      <Noted wrapUps={story.wrap_ups} known={known} />
      <p class={sheet.refused} role="alert">
        {error !== null && failure(error, speaker)}
      </p>
      <Recordings of={recordings ?? []} known={known} from={from} />
      <TimeLine
        story={story}
        known={known}
        recordings={recordings ?? []}
        onPlay={(recording, at) => setFrom({ recording, at })}
      />
      <Steps story={story} known={known} />
    </>
  );
}
