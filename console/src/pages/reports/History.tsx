import { useAnswer } from "../../api/answer";
import { ask } from "../../api/client";
import { failure } from "../../frame/failure";
import { go } from "../../frame/place";
import sheet from "../../frame/Sheet.module.css";
import { TEXTS as FRAME } from "../../frame/texts";
import { useSpeaker } from "../../texts/language";
import { addressOf, queryOf } from "./asked";
import { Filters } from "./Filters";
import { Made } from "./Made";
import type { ViewProps } from "./Reports";

/** Any report of any days. */
export function History({ asked, reports, may, known }: ViewProps) {
  const speaker = useSpeaker();
  const query = queryOf(asked);
  const { answer, error } = useAnswer(
    (cut) => ask("get", "/api/v1/reports/{kind}", { path: { kind: asked.kind }, query }, cut),
    [asked.kind, JSON.stringify(query)],
  );
  const report = reports.find(({ kind }) => kind === asked.kind);
  // while another report is on its way, the one that is shown still has the fields of its own
  const made = answer?.kind === asked.kind ? answer : null;
  return (
    <>
      <Filters
        asked={asked}
        reports={reports}
        may={may}
        known={known}
        seen={made?.rows.map(({ name }) => name ?? "") ?? []}
        onShow={(wanted) => go(addressOf(wanted))}
      />
      <p class={sheet.refused} role="alert">
        {error !== null && failure(error, speaker)}
      </p>
      {made === null && error === null && <p class={sheet.quiet}>{speaker.say(FRAME.loading)}</p>}
      {made !== null && error === null && report && <Made asked={asked} made={made} report={report} known={known} />}
    </>
  );
}
