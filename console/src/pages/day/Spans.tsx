import type { NamesOut, SpanOut } from "../../api/schema";
import { StoryLink } from "../../frame/ListPage";
import { called } from "../../frame/names";
import sheet from "../../frame/Sheet.module.css";
import { TableHead } from "../../frame/TableHead";
import { useSpeaker } from "../../texts/language";
import { duration, timeOfDay } from "../../time/format";
import { activity, Mark } from "./Drawing";
import { TEXTS } from "./texts";

const COLUMNS = [TEXTS.from, TEXTS.time, TEXTS.kind, TEXTS.queue] as const;

/** Every span as a row, for readers of the screen and for who wants to know it exactly. */
export function Spans({ spans, names }: { spans: readonly SpanOut[]; names: NamesOut | null }) {
  const speaker = useSpeaker();
  const { say, language } = speaker;
  return (
    <details>
      <summary>{say(TEXTS.all, { count: spans.length })}</summary>
      <div class={sheet.room}>
        <table class={sheet.table}>
          <TableHead columns={COLUMNS} doings={TEXTS.call} />
          <tbody>
            {spans.map((span, place) => (
              <tr key={place} data-span={span.kind}>
                <th scope="row">{timeOfDay(Date.parse(span.from), language)}</th>
                <td>{duration((Date.parse(span.until) - Date.parse(span.from)) / 1_000)}</td>
                <td>
                  <Mark kind={span.kind} /> {activity(span, names, speaker)}
                  {span.missed !== null && ` · ${say(TEXTS.notAnswered)}`}
                </td>
                <td>{span.queue !== null && called(names?.queues, span.queue, language)}</td>
                <td>{span.call_id !== null && <StoryLink call={span.call_id} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
