import { useState } from "preact/hooks";
import { ask } from "../../api/client";
import { useSpeaker } from "../../texts/language";
import styles from "./Desk.module.css";
import { TEXTS } from "./texts";
import { useOrders } from "./transfer/orders";

/** In the talk of a callback whose agent was rung first: the agent says that a mailbox has answered, or somebody else. */
export function NotReached({ callback }: { callback: string }) {
  const { say } = useSpeaker();
  const { refused, give } = useOrders();
  const [said, setSaid] = useState(false);
  const tell = () =>
    give(async () => {
      await ask("post", "/api/v1/callbacks/{callback_id}/not-reached", { path: { callback_id: callback } });
      setSaid(true);
    });
  return (
    <p class={styles.buttons}>
      {said ? (
        <span role="status">{say(TEXTS.calledAgain)}</span>
      ) : (
        <button type="button" onClick={tell}>
          {say(TEXTS.notReached)}
        </button>
      )}
      {refused !== null && <span role="alert">{refused}</span>}
    </p>
  );
}
