import type { NamesOut } from "../../../api/schema";
import { Key } from "../../../frame/Key";
import { useKeys } from "../../../frame/keys";
import { called } from "../../../frame/names";
import type { Agent } from "../../../live/board";
import { tell } from "../../../phone/phone";
import { useSpeaker } from "../../../texts/language";
import { type Order, order, sendOn, useOrders } from "./orders";
import styles from "./Transfer.module.css";
import { TEXTS } from "./texts";

const NOW = { rings: TEXTS.calling, asked: TEXTS.withConsult, joined: TEXTS.three } as const;

/** Somebody is asked, or talks with both: who it is, and what may follow. In a queue nobody has answered yet: the caller may
 *  wait there instead of the agent.
 */
export function Asking({ me, call, names }: { me: Agent; call: string; names: NamesOut | null }) {
  const { say, language } = useSpeaker();
  const { refused, give } = useOrders();
  const stage = me.aside?.stage ?? "rings";
  const { agent, queue, sub_hotline, number } = me.aside?.to ?? {};
  const id = agent ?? queue ?? sub_hotline ?? number ?? "";
  const among = agent !== undefined ? names?.agents : queue !== undefined ? names?.queues : names?.departments;
  const name = called(among, id, language);
  const may: Readonly<Record<"join" | "complete" | "return", boolean>> = {
    join: stage === "asked",
    complete: stage !== "rings" || queue !== undefined,
    return: true,
  };
  const ask = (what: Order) => {
    if (what === "complete")
      give(
        () => (queue === undefined ? order(call, what) : sendOn(call, { queue }, "blind", "")),
        () => tell({ kind: "sent", transfer: { to: { number: id, name }, of: call, stage: "done" } }),
      );
    else give(() => order(call, what));
  };
  useKeys({
    j: () => may.join && ask("join"),
    g: () => may.complete && ask("complete"),
    b: () => ask("return"),
  });
  return (
    <section class={styles.consult} aria-label={say(TEXTS.consult)}>
      <h3>
        {name} <small>{id}</small>
      </h3>
      <p role="status">{say(queue === undefined ? NOW[stage] : TEXTS.queueing)}</p>
      <p class={styles.buttons}>
        {may.join && (
          <button type="button" data-primary onClick={() => ask("join")}>
            {say(TEXTS.joinThree)} <Key name="J" />
          </button>
        )}
        {may.complete && (
          <button type="button" onClick={() => ask("complete")}>
            {say(queue === undefined ? TEXTS.complete : TEXTS.callerWaits)} <Key name="G" />
          </button>
        )}
        <button type="button" onClick={() => ask("return")}>
          {say(stage === "joined" ? TEXTS.withoutThird : TEXTS.back)} <Key name="B" />
        </button>
      </p>
      {refused !== null && <p role="alert">{refused}</p>}
    </section>
  );
}
