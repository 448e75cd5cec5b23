import type { NodeOut, OutlineOut } from "../../api/schema";
import { KINDS } from "../../api/tables";
import { useSpeaker } from "../../texts/language";
import styles from "./Chosen.module.css";
import { kindOf } from "./kinds";
import type { Days } from "./seen";
import { TEXTS } from "./texts";
import { called, comingTo, goingFrom, type Neighbour, placeOf } from "./ways";

interface ChosenProps {
  readonly outline: OutlineOut;
  /** Whose calls the figures are. */
  readonly days: Days;
  readonly chosen: string | null;
  readonly onChoose: (place: string) => void;
  /** Null: there are no files to open. */
  readonly onOpen: ((place: string) => void) | null;
}

/** The chosen place: what it is, its figures, where its callers come from and go to. */
export function Chosen({ outline, days, chosen, onChoose, onOpen }: ChosenProps) {
  const { say } = useSpeaker();
  const place = placeOf(outline, chosen);
  if (place === null) {
    return <p class={styles.nothing}>{say(chosen === null ? TEXTS.chooseOne : TEXTS.notInDraft)}</p>;
  }
  return (
    <section class={styles.chosen} aria-label={place.title} data-chosen={place.place}>
      <div class={styles.head}>
        <h2>{place.title}</h2>
        <span class={styles.quiet}>
          {say(kindOf(place))} · {place.place.split("/")[1]}
        </span>
        {place.reach === "nobody" && <span class={styles.lost}>{say(TEXTS.unreachable)}</span>}
        {place.reach === "transfers" && <span class={styles.quiet}>{say(TEXTS.transferOnly)}</span>}
        {place.open !== null && <span class={styles.quiet}>{say(place.open ? TEXTS.openNow : TEXTS.closedNow)}</span>}
        {onOpen !== null && place.kind !== "missing" && (
          <button type="button" onClick={() => onOpen(place.place)}>
            {say(TEXTS.openText)}
          </button>
        )}
      </div>
      <div class={styles.parts}>
        <Figures place={place} days={days} />
        <Ways
          title={say(TEXTS.from)}
          none={say(TEXTS.nobodyComes)}
          ways={comingTo(outline, place.place)}
          onChoose={onChoose}
        />
        <Ways title={say(TEXTS.to)} none={say(TEXTS.nowhere)} ways={goingFrom(outline, place)} onChoose={onChoose} />
      </div>
    </section>
  );
}

const ENDS = {
  repeat: TEXTS.again,
  goodbye: TEXTS.goodbye,
  message: KINDS.message.word,
  callback: TEXTS.callback,
  survey: TEXTS.survey,
} as const;

const CALLS = { 0: TEXTS.callsToday, 7: TEXTS.callsWeek, 31: TEXTS.callsMonth } as const;

function Figures({ place, days }: { place: NodeOut; days: Days }) {
  const { say } = useSpeaker();
  if (place.calls === null) return null;
  return (
    <dl class={styles.figures}>
      <div>
        <dd data-calls>{place.calls}</dd>
        <dt>{say(CALLS[days])}</dt>
      </div>
      <div>
        <dd>{place.gave_up ?? 0}</dd>
        <dt>{say(TEXTS.gaveUp)}</dt>
      </div>
    </dl>
  );
}

interface WaysProps {
  readonly title: string;
  readonly none: string;
  readonly ways: readonly Neighbour[];
  readonly onChoose: (place: string) => void;
}

function Ways({ title, none, ways, onChoose }: WaysProps) {
  const { say } = useSpeaker();
  return (
    <div class={styles.ways}>
      <h3>{title}</h3>
      {ways.length === 0 && <p class={styles.quiet}>{none}</p>}
      <ul>
        {ways.map(({ place, way }, index) => (
          <li key={index}>
            <span class={styles.way}>{called(way) || say(TEXTS.straight)}</span>
            {place === null ? (
              <span class={styles.quiet}>
                {[say(ENDS[way.end ?? "goodbye"]), way.queue].filter(Boolean).join(" · ")}
              </span>
            ) : (
              <button type="button" data-plain onClick={() => onChoose(place.place)}>
                {place.title}
              </button>
            )}
            {way.count !== null && <span class={styles.count}>{way.count}</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}
