import { grouped } from "../../../frame/grouped";
import { called } from "../../../frame/names";
import type { Transfer } from "../../../phone/model";
import { tell } from "../../../phone/phone";
import { useSpeaker } from "../../../texts/language";
import type { Texts } from "../../../texts/texts";
import styles from "./Transfer.module.css";
import type { AtCall } from "./Transfers";
import { TEXTS } from "./texts";
import { useOutcome } from "./useOutcome";
import { reasonOfConsult, target, unanswered, why } from "./words";

const SAID = {
  asked: TEXTS.asked,
  refused: TEXTS.refused,
  open: TEXTS.sent,
  answered: TEXTS.answered,
  failed: TEXTS.failed,
  left: TEXTS.left,
} as const satisfies Texts;

/** The agent's own transfer: that it was refused, or what became of the caller. */
export function Outcome({ me, transfer }: { me: string; transfer: Transfer }) {
  const { say } = useSpeaker();
  const outcome = useOutcome(me, transfer);
  const known = outcome === "none" ? "left" : (outcome?.became ?? null);
  const reason = outcome === "none" || outcome === null ? null : outcome.why;
  const said = transfer.stage === "done" ? SAID[known ?? "open"] : SAID[transfer.stage];
  const bad = transfer.stage === "refused" || known === "failed";
  return (
    <p class={bad ? styles.bad : styles.line}>
      <span role="status" data-outcome={transfer.stage === "done" ? (known ?? "open") : transfer.stage}>
        {say(said, { name: transfer.to.name, what: say(why(reason)) })}
      </span>{" "}
      {transfer.stage !== "asked" && (
        <button type="button" data-plain onClick={() => tell({ kind: "noted" })}>
          {say(TEXTS.close)}
        </button>
      )}
    </p>
  );
}

/** Of a call that rings or is talked to: who asks about it, who has transferred it, or that a transfer has failed. */
export function CameBack({ me, story, asked, names }: Pick<AtCall, "me" | "story" | "asked" | "names">) {
  const { say, language } = useSpeaker();
  const name = (agent: string) => called(names?.agents, agent, language);
  if (asked !== null) {
    const reason = reasonOfConsult(asked);
    return (
      <p class={styles.line} role="status">
        {say(TEXTS.asksAbout, { agent: name(asked.agent ?? ""), number: grouped(asked.caller).join(" ") })}{" "}
        {reason && <b>{say(TEXTS.why, { reason })}</b>}
      </p>
    );
  }
  if (me.sent !== null && story?.consulted?.agent === me.id && story.agent !== null) {
    const reason = reasonOfConsult(story);
    return (
      <p class={styles.line} role="status">
        {say(me.sent === "talks" ? TEXTS.withBoth : TEXTS.asksYou, { agent: name(story.agent) })}{" "}
        {reason && <b>{say(TEXTS.why, { reason })}</b>}
      </p>
    );
  }
  const failed = me.state === "on-call" && me.aside === null && story !== null ? unanswered(story) : null;
  if (failed !== null) {
    const to = String(failed.to.agent ?? "");
    return (
      <p class={styles.bad} role="status">
        {say(TEXTS.notAnswered, { name: to ? name(to) : target(failed), what: say(why(failed.why)) })}
      </p>
    );
  }
  const last = story?.transfers.at(-1);
  if (last === undefined || !(me.state === "ringing" || me.state === "on-call")) return null;
  if (last.became === "failed") {
    return (
      <p class={styles.bad} role="status">
        {say(TEXTS.cameBack, { name: target(last), what: say(why(last.why)) })}
        {last.reason && ` ${say(TEXTS.why, { reason: last.reason })}`}
      </p>
    );
  }
  if (last.agent === null || last.agent === me.id) return null;
  const { reason } = last;
  return (
    <p class={styles.line}>{say(reason ? TEXTS.cameWith : TEXTS.cameFrom, { agent: name(last.agent), reason })}</p>
  );
}
