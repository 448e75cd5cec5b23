import type { ReportOut } from "../../api/schema";
import { useSpeaker } from "../../texts/language";
import type { Asked } from "./asked";
import styles from "./Reports.module.css";
import { TEXTS } from "./texts";

/** Where sums do not agree: why. */
export function WhyNot({ report, asked }: { report: ReportOut; asked: Asked }) {
  const { say } = useSpeaker();
  const talks = report.kind === "queues" || report.kind === "agents";
  const reasons = [
    TEXTS.whyTime,
    TEXTS.whyShares,
    talks && TEXTS.whyTalks,
    talks && asked.by === "queue" && TEXTS.whyQueues,
    asked.by === "district" && TEXTS.whyDistricts,
    report.kind === "queues" && TEXTS.whyWall,
  ];
  return (
    <details class={styles.why}>
      <summary>{say(TEXTS.why)}</summary>
      <ul>{reasons.map((reason) => reason && <li key={reason.en}>{say(reason)}</li>)}</ul>
    </details>
  );
}
