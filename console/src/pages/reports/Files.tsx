import { address } from "../../api/client";
import type { ReportKind } from "../../api/schema";
import { useSpeaker } from "../../texts/language";
import styles from "./Reports.module.css";
import { TEXTS } from "./texts";

/** A report as files. `query`: what the service is asked for. */
export function Files({ kind, query }: { kind: ReportKind; query: Record<string, string> }) {
  const { say, language } = useSpeaker();
  const file = (format: string) => address("/api/v1/reports/{kind}", { kind }, { ...query, format, language });
  return (
    <span class={styles.files}>
      <a href={file("xlsx")} download>
        {say(TEXTS.xlsx)}
      </a>
      <a href={file("csv")} download>
        {say(TEXTS.csv)}
      </a>
    </span>
  );
}
