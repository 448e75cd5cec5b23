import { Key } from "../../../frame/Key";
import { useKeys } from "../../../frame/keys";
import { mayJoin } from "../../../phone/consulting";
import type { Consult, Phone } from "../../../phone/model";
import { tell } from "../../../phone/phone";
import { useSpeaker } from "../../../texts/language";
import type { Text } from "../../../texts/texts";
import styles from "./Transfer.module.css";
import { TEXTS } from "./texts";
import { why } from "./words";

/** The second call, to somebody who is asked: with whom the agent talks, who hears music, what may follow. */
export function Consulting({ line, consult }: { line: Phone; consult: Consult }) {
  const { say } = useSpeaker();
  const caller = line.call !== null;
  const may = mayJoin(line);
  const [join, swap, back] = (["join", "swap", "back"] as const).map((kind) => () => tell({ kind }));
  useKeys({
    g: () => may && join?.(),
    s: () => may && swap?.(),
    b: () => caller && back?.(),
  });
  return (
    <section class={styles.consult} aria-label={say(TEXTS.consult)}>
      <h3>
        {consult.to.name} <small>{consult.to.number}</small>
      </h3>
      <p role="status">
        {consult.stage === "over"
          ? `${say(TEXTS.outcome, { name: consult.to.name, what: say(why(consult.why)) })} · ${say(TEXTS.music)}`
          : say(now(consult, caller))}
      </p>
      {caller && (
        <p class={styles.buttons}>
          {may && (
            <>
              <button type="button" data-primary onClick={join}>
                {say(TEXTS.join)} <Key name="G" />
              </button>
              <button type="button" onClick={swap}>
                {say(TEXTS.swap)} <Key name="S" />
              </button>
            </>
          )}
          <button type="button" data-primary={consult.stage === "over" || undefined} onClick={back}>
            {say(TEXTS.back)} <Key name="B" />
          </button>
        </p>
      )}
    </section>
  );
}

function now({ stage, toward }: Consult, caller: boolean): Text {
  if (!caller) return TEXTS.alone;
  if (stage === "holding") return TEXTS.holding;
  if (stage === "calling") return TEXTS.calling;
  return toward === "call" ? TEXTS.withCaller : TEXTS.withConsult;
}
