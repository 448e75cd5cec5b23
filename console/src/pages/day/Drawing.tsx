import type { NamesOut, SpanOut } from "../../api/schema";
import { ACTIVITIES } from "../../api/tables";
import { called, reasonCalled } from "../../frame/names";
import { type Speaker, useSpeaker } from "../../texts/language";
import { duration, hourAndMinute, timeOfDay } from "../../time/format";
import { clock } from "../../time/zone";
import styles from "./Day.module.css";
import { hours } from "./hours";
import { TEXTS } from "./texts";

/** `Not ready: lunch`. */
export function activity(one: Pick<SpanOut, "kind" | "reason">, names: NamesOut | null, { say, language }: Speaker) {
  const own = one.reason === "rona" ? say(TEXTS.rona) : one.reason === "no-code" ? say(TEXTS.noCode) : null;
  const reason = own ?? reasonCalled(names, one.reason, language);
  return [say(ACTIVITIES[one.kind].word), reason].filter(Boolean).join(": ");
}

/** The shape and the colour of an activity; its word stands beside it. */
export function Mark({ kind }: { kind: SpanOut["kind"] }) {
  const { path, colour } = ACTIVITIES[kind];
  return (
    <svg class={styles.mark} viewBox="0 0 16 16" aria-hidden="true" style={{ color: colour }}>
      <path d={path} fill="currentColor" fill-rule="evenodd" />
    </svg>
  );
}

/** The day, a line an hour. What stands in it is said by the sums and the list, too. */
export function Drawing({ spans, names }: { spans: readonly SpanOut[]; names: NamesOut | null }) {
  const speaker = useSpeaker();
  const { say, language } = speaker;
  const told = (span: SpanOut) =>
    [
      activity(span, names, speaker),
      span.queue === null ? "" : called(names?.queues, span.queue, language),
      `${timeOfDay(Date.parse(span.from), language)} – ${timeOfDay(Date.parse(span.until), language)}`,
      duration((Date.parse(span.until) - Date.parse(span.from)) / 1_000),
      span.missed === null ? "" : say(TEXTS.notAnswered),
    ]
      .filter(Boolean)
      .join(" · ");
  const kinds = [...new Set(spans.map(({ kind }) => say(ACTIVITIES[kind].word)))].join(", ");
  return (
    <div class={styles.drawing} role="img" aria-label={say(TEXTS.drawing, { kinds })}>
      {hours(spans, clock).map(({ begin, parts }) => (
        <div key={begin} class={styles.line}>
          <span class={styles.hour}>{hourAndMinute(begin, language)}</span>
          <div class={styles.track}>
            {parts.map(({ span, left, width }, place) => (
              <span
                key={place}
                class={styles.part}
                data-kind={span.kind}
                data-missed={span.missed !== null || undefined}
                title={told(span)}
                style={{ left: `${left}%`, width: `${width}%`, color: ACTIVITIES[span.kind].colour }}
              />
            ))}
          </div>
        </div>
      ))}
    </div>
  );
}
