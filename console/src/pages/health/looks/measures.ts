/** What the measures of /metrics mean for who keeps the hotline running: the same thresholds as docs/alerts.yaml. Pure. */

import type { Text } from "../../../texts/texts";
import { duration } from "../../../time/format";
import type { Level, Row } from "./rows";
import { most, type Samples, sum } from "./samples";
import { TEXTS } from "./texts";

/** A reading of /metrics, and the one before it; `at`: seconds since the epoch. */
export interface Reading {
  readonly at: number;
  readonly samples: Samples;
}

const AT_WORK = /^(ready|ringing|on-call|wrap-up)$/;
const DAY_S = 86_400;

export function measures({ at, samples }: Reading, before: Reading | null): Row[] {
  const rows: (Row | null)[] = [
    nobodyAtWork(samples),
    gauge(samples, "wutong_queue_longest_wait_seconds", TEXTS.longestWait, 300, 600, TEXTS.longestWaitDo, duration),
    gauge(samples, "wutong_ami_lag_seconds", TEXTS.lag, 0.5, 1, TEXTS.lagDo, seconds),
    gauge(samples, "wutong_journal_behind_seconds", TEXTS.behind, 10, 60, TEXTS.behindDo, duration),
    spool(samples),
    counted(samples, ["wutong_journal_dropped_total"], TEXTS.lost, 2, TEXTS.lostDo),
    counted(samples, ["wutong_calls_refused_total", "wutong_agi_refused_total"], TEXTS.refused, 1, TEXTS.refusedDo),
    files(samples),
    cpu({ at, samples }, before),
    counted(samples, ["wutong_phones_guessed_now"], TEXTS.guessed, 1, TEXTS.guessedDo),
    counted(samples, ["wutong_http_refused_total", "wutong_event_streams_refused_total"], TEXTS.http, 1, TEXTS.httpDo),
    counted(samples, ["wutong_audit_dropped_total"], TEXTS.auditLost, 2, TEXTS.auditLostDo),
    counted(
      samples,
      ["wutong_account_failures_total", "wutong_observer_failures_total"],
      TEXTS.faults,
      1,
      TEXTS.faultsDo,
    ),
    purged(samples, at),
  ];
  return rows.filter((row) => row !== null);
}

/** When the service was started, seconds since the epoch; null: not known. */
export function started(samples: Samples): number | null {
  return sum(samples, "process_start_time_seconds");
}

function row(what: Text, value: string, level: Level, remedy: Text): Row {
  return { what, value, level, remedy: level === 0 ? null : remedy };
}

function above(value: number, amber: number, red: number): Level {
  if (value > red) return 2;
  return value > amber ? 1 : 0;
}

function gauge(
  samples: Samples,
  name: string,
  what: Text,
  amber: number,
  red: number,
  remedy: Text,
  written: (value: number) => string,
): Row | null {
  const value = most(samples, name);
  return value === null ? null : row(what, written(value), above(value, amber, red), remedy);
}

/** What should never happen, added up since the start: `level` once it did. */
function counted(samples: Samples, names: readonly string[], what: Text, level: Level, remedy: Text): Row | null {
  const found = names.map((name) => sum(samples, name)).filter((value) => value !== null);
  if (found.length === 0) return null;
  const total = found.reduce((all, value) => all + value, 0);
  return row(what, String(total), total > 0 ? level : 0, remedy);
}

function nobodyAtWork(samples: Samples): Row | null {
  const waiting = sum(samples, "wutong_queue_waiting");
  if (waiting === null) return null;
  const works = (labels: Readonly<Record<string, string>>) =>
    AT_WORK.test(labels.state ?? "") && labels.phone !== "unreachable";
  const queues = (samples.get("wutong_queue_waiting") ?? []).filter(
    ({ labels, value }) =>
      value > 0 && !sum(samples, "wutong_queue_agents", (crew) => crew.queue === labels.queue && works(crew)),
  );
  const alone = waiting > 0 && !sum(samples, "wutong_agents", works);
  if (!alone && queues.length > 0) {
    const value = `${waiting} · ${queues.map(({ labels }) => labels.queue).join(", ")}`;
    return row(TEXTS.waiting, value, 2, TEXTS.queueAloneDo);
  }
  return row(TEXTS.waiting, String(waiting), alone ? 2 : 0, TEXTS.aloneDo);
}

function spool(samples: Samples): Row | null {
  const up = sum(samples, "wutong_spool_up");
  if (up === null) return null;
  const size = sum(samples, "wutong_spool_bytes") ?? 0;
  return row(TEXTS.spool, `${(size / 1_000_000).toFixed(1)} MB`, up === 0 ? 2 : 0, TEXTS.spoolDo);
}

function files(samples: Samples): Row | null {
  const [open, limit] = [sum(samples, "process_open_fds"), sum(samples, "process_max_fds")];
  if (open === null || !limit) return null;
  return row(TEXTS.files, `${open} / ${limit}`, above(open / limit, 0.6, 0.8), TEXTS.filesDo);
}

/** The part of a core that the service used between the two readings. */
function cpu(now: Reading, before: Reading | null): Row | null {
  if (before === null || now.at <= before.at || started(now.samples) !== started(before.samples)) return null;
  const [used, earlier] = [now, before].map(({ samples }) => sum(samples, "process_cpu_seconds_total"));
  if (used == null || earlier == null) return null;
  const share = (used - earlier) / (now.at - before.at);
  return row(TEXTS.cpu, `${Math.round(share * 100)} %`, above(share, 0.7, 0.9), TEXTS.cpuDo);
}

function purged(samples: Samples, at: number): Row | null {
  const last = sum(samples, "wutong_purge_last_timestamp_seconds");
  if (!last) return null;
  const days = (at - last) / DAY_S;
  return row(TEXTS.purged, duration(at - last), above(days, 2, 3), TEXTS.purgedDo);
}

function seconds(value: number): string {
  return `${value.toFixed(2)} s`;
}
