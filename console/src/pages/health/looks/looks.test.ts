import { expect, test } from "vitest";
import { checks, findings } from "./checks";
import { measures, type Reading, started } from "./measures";
import { inOrder, worst } from "./rows";
import { most, parse, sum } from "./samples";
import { TEXTS } from "./texts";

const PAGE = `# HELP wutong_queue_waiting Callers who wait.
# TYPE wutong_queue_waiting gauge
wutong_queue_waiting{queue="gas"} 2.0
wutong_queue_waiting{queue="say \\"a\\", b"} 0.0
wutong_queue_longest_wait_seconds{queue="gas"} 700.0
wutong_queue_agents{queue="gas",state="ready",phone="unreachable"} 1.0
wutong_queue_agents{queue="gas",state="not-ready",phone="free"} 1.0
wutong_agents{state="ready",phone="free"} 1.0
wutong_queue_wait_seconds_bucket{le="+Inf",queue="gas"} 3.0
wutong_spool_up 1.0
wutong_spool_bytes 2.5e+06
wutong_calls_refused_total{why="too-many-calls"} 4.0
process_start_time_seconds 1.0e+03
process_cpu_seconds_total 10.0
process_open_fds 90.0
process_max_fds 100.0

nonsense`;

const reading = (at: number, page = PAGE): Reading => ({ at, samples: parse(page) });
const find = (rows: ReturnType<typeof measures>, what: object) => rows.find((row) => row.what === what);

test("the page of measures is read", () => {
  const samples = parse(PAGE);
  expect(samples.get("wutong_queue_waiting")).toEqual([
    { labels: { queue: "gas" }, value: 2 },
    { labels: { queue: 'say \\"a\\", b' }, value: 0 },
  ]);
  expect(sum(samples, "wutong_queue_waiting")).toBe(2);
  expect([sum(samples, "nothing"), most(samples, "nothing")]).toEqual([null, null]);
  expect(most(samples, "wutong_queue_longest_wait_seconds")).toBe(700);
  expect(started(samples)).toBe(1_000);
});

test("measures say what is wrong, and what to do", () => {
  const rows = measures(
    reading(2_000),
    reading(1_990, PAGE.replace("process_cpu_seconds_total 10.0", "process_cpu_seconds_total 2.0")),
  );
  expect(find(rows, TEXTS.waiting)).toEqual({
    what: TEXTS.waiting,
    value: "2 · gas",
    level: 2,
    remedy: TEXTS.queueAloneDo,
  });
  expect(find(rows, TEXTS.longestWait)).toMatchObject({ value: "11:40", level: 2 });
  expect(find(rows, TEXTS.refused)).toMatchObject({ value: "4", level: 1, remedy: TEXTS.refusedDo });
  expect(find(rows, TEXTS.files)).toMatchObject({ value: "90 / 100", level: 2 });
  expect(find(rows, TEXTS.spool)).toEqual({ what: TEXTS.spool, value: "2.5 MB", level: 0, remedy: null });
  expect(find(rows, TEXTS.cpu)).toMatchObject({ value: "80 %", level: 1 });
  expect(find(rows, TEXTS.lag)).toBeUndefined();
  expect(worst(rows)).toBe(2);
  expect(inOrder(rows).map(({ level }) => level)).toEqual(rows.map(({ level }) => level).sort((a, b) => b - a));
});

test("somebody waits and nobody at all is at work", () => {
  const rows = measures(
    reading(
      1,
      PAGE.replace('wutong_agents{state="ready",phone="free"}', 'wutong_agents{state="ready",phone="unreachable"}'),
    ),
    null,
  );
  expect(find(rows, TEXTS.waiting)).toMatchObject({ level: 2, remedy: TEXTS.aloneDo });
  expect(find(rows, TEXTS.cpu)).toBeUndefined();
});

test("checks and findings", () => {
  const rows = checks({
    ready: false,
    checks: { asterisk: "ok", database: "no answer", "a new one": "odd" },
    notes: { voice: "3 texts …" },
  });
  expect(rows.map(({ level }) => level)).toEqual([0, 2, 2, 1]);
  expect(rows[1]).toMatchObject({ what: TEXTS.database, remedy: TEXTS.databaseDo, said: "no answer" });
  expect(rows[2]).toMatchObject({ what: "a new one", remedy: null });
  const [found] = findings([
    { level: "wrong", what: "sound programs", sentence: "install sox", chinese: "请安装 sox" },
  ]);
  const said = { zh: "请安装 sox", en: "install sox" };
  expect(found).toEqual({ what: TEXTS.soundPrograms, value: "", level: 2, remedy: TEXTS.soundProgramsDo, said });
});
