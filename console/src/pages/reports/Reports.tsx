import type { JSX } from "preact";
import { useAnswer } from "../../api/answer";
import { address, ask } from "../../api/client";
import type { ReportOut, SessionOut } from "../../api/schema";
import { failure } from "../../frame/failure";
import { followLink, place } from "../../frame/place";
import sheet from "../../frame/Sheet.module.css";
import { useStore } from "../../frame/store";
import { TEXTS as FRAME } from "../../frame/texts";
import { session } from "../../session/session";
import { useSpeaker } from "../../texts/language";
import { now } from "../../time/clock";
import { clock } from "../../time/zone";
import { type Known, useKnown } from "../calls/known";
import { type Allowed, type Asked, allowed, askedIn, type View } from "./asked";
import { History } from "./History";
import { Menus } from "./Menus";
import styles from "./Reports.module.css";
import { Today } from "./Today";
import { TEXTS } from "./texts";

export interface ViewProps {
  asked: Asked;
  /** What each report can be split by, and how its figures are defined. */
  reports: readonly ReportOut[];
  may: Allowed;
  known: Known;
}

const VIEWS: Readonly<Record<View, (props: ViewProps) => JSX.Element>> = {
  today: Today,
  history: History,
  menus: Menus,
};

const WORDS = { today: TEXTS.today, history: TEXTS.history, menus: TEXTS.menus } as const;

/** Figures of today, of any days, and of the menus. The address has everything that is chosen. */
export default function Reports() {
  const who = useStore(session);
  return who.kind === "signed-in" ? <ReportsOf who={who.who} /> : null;
}

function ReportsOf({ who }: { who: SessionOut }) {
  const speaker = useSpeaker();
  const { say } = speaker;
  const { query } = useStore(place);
  const known = useKnown();
  const { answer, error } = useAnswer((cut) => ask("get", "/api/v1/reports", {}, cut), []);
  const may = allowed(who);
  const asked = askedIn(query, clock(now()).slice(0, 10), may);
  const Shown = VIEWS[asked.view];
  return (
    <main class={sheet.sheet}>
      <div class={sheet.bar}>
        <h1>{say(TEXTS.title)}</h1>
        <nav class={styles.views} aria-label={say(TEXTS.views)}>
          {may.views.map((view) => (
            <a
              key={view}
              href={`/reports?view=${view}`}
              aria-current={view === asked.view ? "page" : undefined}
              onClick={followLink}
            >
              {say(WORDS[view])}
            </a>
          ))}
        </nav>
        {may.dimensions === null && <DailySheet />}
      </div>
      {answer === null ? (
        <p class={error === null ? sheet.quiet : sheet.refused}>
          {error === null ? say(FRAME.loading) : failure(error, speaker)}
        </p>
      ) : (
        <Shown asked={asked} reports={answer} may={may} known={known} />
      )}
    </main>
  );
}

/** Yesterday's sheet for the authority, to read and to print. */
function DailySheet() {
  const { say, language } = useSpeaker();
  const file = (format: string) => address("/api/v1/daily-sheet", {}, { format, language });
  return (
    <span class={styles.files}>
      <a href={file("html")} target="_blank" rel="noreferrer">
        {say(TEXTS.dailySheet)}
      </a>
      <a href={file("pdf")} download>
        {say(TEXTS.dailySheetPdf)}
      </a>
    </span>
  );
}
