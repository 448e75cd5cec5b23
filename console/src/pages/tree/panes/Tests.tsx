import { useAnswer } from "../../../api/answer";
import { ask } from "../../../api/client";
import type { ChoiceOut, TestsOut } from "../../../api/schema";
import { failure } from "../../../frame/failure";
import sheet from "../../../frame/Sheet.module.css";
import { type Speaker, useSpeaker } from "../../../texts/language";
import type { PaneProps } from "../model";
import { Line } from "./Line";
import styles from "./Panes.module.css";
import { byPlace, sent, short } from "./sent";
import { TEXTS, TRY } from "./texts";

/** The tests of a draft, the failed ones first, and what none of them tries. */
export function Tests({ files, onPlace, onSpot }: PaneProps) {
  const speaker = useSpeaker();
  const { language, say } = speaker;
  const { answer, error, busy, again } = useAnswer(
    (signal) => ask("post", "/api/v1/drafts/tests", { body: { files: sent(files) }, language }, signal),
    [files, language],
  );
  return (
    <section aria-label={say(TRY.tests)}>
      <div class={sheet.bar}>
        <h2>{say(TRY.tests)}</h2>
        <button type="button" disabled={busy} onClick={again}>
          {say(busy ? TEXTS.busy : TEXTS.again)}
        </button>
      </div>
      <p class={sheet.refused} role="alert">
        {error !== null && failure(error, speaker)}
      </p>
      {error === null && answer && (
        <>
          <p role="status">{answer.tests.length === 0 ? say(TRY.testsNone) : answer.summary}</p>
          <Results tests={answer.tests} onSpot={onSpot} />
          <Missing missing={answer.missing} onPlace={onPlace} />
        </>
      )}
    </section>
  );
}

function Results({ tests, onSpot }: { tests: TestsOut["tests"]; onSpot: PaneProps["onSpot"] }) {
  const { say } = useSpeaker();
  const failed = tests.filter(({ passed }) => !passed);
  const passed = tests.filter(({ passed }) => passed);
  return (
    <>
      <ul class={styles.results}>
        {failed.map((test) => (
          <li key={test.line} data-passed="false">
            <Mark passed={false} />
            <div>
              <strong>{test.name}</strong>{" "}
              <Line spot={{ file: "tests.yaml", line: test.line, column: 1 }} onSpot={onSpot} />
              {test.problems.map((problem, index) => (
                <p key={index}>{problem.message}</p>
              ))}
            </div>
          </li>
        ))}
      </ul>
      {passed.length > 0 && (
        <details>
          <summary>{say(TRY.passed, { count: passed.length })}</summary>
          <ul class={styles.results}>
            {passed.map((test) => (
              <li key={test.line} data-passed="true">
                <Mark passed={true} />
                <div>
                  {test.name} <Line spot={{ file: "tests.yaml", line: test.line, column: 1 }} onSpot={onSpot} />
                </div>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function Mark({ passed }: { passed: boolean }) {
  const { say } = useSpeaker();
  return (
    <span class={styles.mark} data-passed={passed}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path
          d={passed ? "M3 8.5 6.5 12 13 4.5" : "M4 4l8 8M12 4l-8 8"}
          fill="none"
          stroke="currentColor"
          stroke-width="2"
        />
      </svg>
      {say(passed ? TRY.green : TRY.red)}
    </span>
  );
}

function Missing({ missing, onPlace }: { missing: readonly ChoiceOut[]; onPlace: PaneProps["onPlace"] }) {
  const speaker = useSpeaker();
  if (missing.length === 0) return null;
  return (
    <details>
      <summary>{speaker.say(TRY.missing, { count: missing.length })}</summary>
      <ul class={styles.missing}>
        {byPlace(missing).map(([place, choices]) => (
          <li key={place}>
            <button type="button" data-plain onClick={() => onPlace(place)}>
              {short(place)}
            </button>
            {choices.map(({ choice }) => (
              <kbd key={choice}>{named(choice, speaker)}</kbd>
            ))}
          </li>
        ))}
      </ul>
    </details>
  );
}

function named(choice: string, { say }: Speaker): string {
  if (choice === "silence") return say(TRY.silence);
  return choice === "invalid" ? say(TRY.invalid) : choice;
}
