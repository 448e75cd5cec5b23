import type { ComponentChildren } from "preact";
import type { NoticeOut } from "../api/schema";
import { useSpeaker } from "../texts/language";
import { dayAndTime } from "../time/format";
import styles from "./NoticeLine.module.css";
import { TEXTS } from "./texts";

/** The supervisors' line of news. `children`: what can be done with it. */
export function NoticeLine({ notice, children }: { notice: NoticeOut | null; children?: ComponentChildren }) {
  const { say, language } = useSpeaker();
  return (
    <div class={styles.notice} role="status" aria-label={say(TEXTS.news)} data-none={notice === null || undefined}>
      {notice !== null && (
        <>
          <strong>{say(TEXTS.news)}</strong>
          <span class={styles.line}>{notice.text}</span>
          <small>
            {notice.actor.replace(/^\w+:/, "")} · {dayAndTime(Date.parse(notice.at), language)}
          </small>
        </>
      )}
      {children}
    </div>
  );
}
