import { useEffect, useState } from "preact/hooks";
import { useAnswer } from "../../api/answer";
import { ask } from "../../api/client";
import type { components } from "../../api/schema";
import { failure } from "../../frame/failure";
import sheet from "../../frame/Sheet.module.css";
import { TEXTS as FRAME } from "../../frame/texts";
import { useSpeaker } from "../../texts/language";
import { moment } from "../../time/format";
import { TEXTS } from "./texts";

type Outcome = components["schemas"]["OutcomeOut"];

/** Milliseconds between two looks at one that runs. */
const EVERY = 2_000;

/** What the last self-test found, or how far the one is that runs. */
export default function Selftest() {
  const speaker = useSpeaker();
  const { say, language } = speaker;
  const [refused, setRefused] = useState<string | null>(null);
  const { answer, error, again } = useAnswer((cut) => ask("get", "/api/v1/selftest", { language }, cut), [language]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: after a failure, too, it looks again
  useEffect(() => {
    if (!answer?.running) return;
    const timer = setTimeout(again, EVERY);
    return () => clearTimeout(timer);
  }, [answer, error, again]);
  const order = async (method: "post" | "delete") => {
    try {
      await (method === "post" ? ask("post", "/api/v1/selftest") : ask("delete", "/api/v1/selftest"));
      setRefused(null);
    } catch (why) {
      setRefused(failure(why, speaker));
    }
    again();
  };
  const last = answer?.last ?? null;
  return (
    <main class={sheet.sheet}>
      <div>
        <div class={sheet.bar}>
          <h1>{say(TEXTS.title)}</h1>
          {answer !== null &&
            (answer.running ? (
              <button type="button" onClick={() => void order("delete")}>
                {say(TEXTS.stop)}
              </button>
            ) : (
              <button type="button" onClick={() => void order("post")}>
                {say(TEXTS.begin)}
              </button>
            ))}
        </div>
        <p class={sheet.quiet}>
          {say(TEXTS.intro)}{" "}
          {answer !== null && (answer.nightly === null ? say(TEXTS.never) : say(TEXTS.nightly, { at: answer.nightly }))}
        </p>
      </div>
      <p class={sheet.refused} role="alert">
        {refused ?? (error !== null && failure(error, speaker))}
      </p>
      {answer === null && error === null && <p class={sheet.quiet}>{say(FRAME.loading)}</p>}
      {answer !== null && last === null && <p class={sheet.nothing}>{say(TEXTS.none)}</p>}
      {last !== null && <Found outcome={last} way={answer?.way ?? null} />}
    </main>
  );
}

function Found({ outcome, way }: { outcome: Outcome; way: string | null }) {
  const { say } = useSpeaker();
  const { called, ways, differences, spared, slowest_s } = outcome;
  const seconds = slowest_s?.toFixed(1);
  return (
    <section aria-label={say(TEXTS.title)}>
      <p role="status">
        {outcome.ended === null
          ? say(TEXTS.running, { called, ways, way: way ?? "" })
          : say(TEXTS.over, { time: moment(outcome.ended), called, ways })}
      </p>
      {outcome.why !== null && <p>{say(TEXTS.stopped, { why: outcome.why })}</p>}
      {differences.length === 0 && outcome.ended !== null && outcome.stopped === null && <p>{say(TEXTS.right)}</p>}
      {differences.length > 0 && (
        <table class={sheet.table}>
          <thead>
            <tr>
              <th scope="col">{say(TEXTS.number)}</th>
              <th scope="col">{say(TEXTS.keys)}</th>
              <th scope="col">{say(TEXTS.what)}</th>
            </tr>
          </thead>
          <tbody>
            {differences.map((each) => (
              <tr key={`${each.number} ${each.keys} ${each.what} ${each.wanted}`} data-difference={each.what}>
                <td>{each.number}</td>
                <td>{each.keys.map((key) => (key === "silence" ? say(TEXTS.silence) : key)).join(" ")}</td>
                <td>{each.sentence}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {outcome.more > 0 && <p>{say(TEXTS.more, { more: outcome.more })}</p>}
      {seconds !== undefined && <p class={sheet.quiet}>{say(TEXTS.slowest, { seconds })}</p>}
      {spared.length > 0 && <p class={sheet.quiet}>{say(TEXTS.spared, { lines: spared.join(", ") })}</p>}
      {!outcome.recogniser && <p class={sheet.quiet}>{say(TEXTS.deaf)}</p>}
    </section>
  );
}
