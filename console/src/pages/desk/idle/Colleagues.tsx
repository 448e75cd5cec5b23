import type { Board, Colleague } from "../../../live/board";
import { StateMark } from "../../../states/StateMark";
import { shown } from "../../../states/states";
import { useSpeaker } from "../../../texts/language";
import { useNow } from "../../../time/clock";
import { duration, secondsSince } from "../../../time/format";
import { absent, inOrder } from "../transfer/order";
import styles from "./Idle.module.css";
import { TEXTS } from "./texts";

/** Rows at most: the list of `Call` has everybody. */
const MOST = 8;

/** Colleagues who have signed in: who can be asked now. */
export function Colleagues({ board }: { board: Board }) {
  const { say } = useSpeaker();
  const there = inOrder([...board.colleagues.values()].filter(({ state }) => state !== "logged-out"));
  const free = there.filter(({ state, phone }) => state === "ready" && phone === "free").length;
  return (
    <section class={styles.part} aria-label={say(TEXTS.colleagues)}>
      <h2>
        {say(TEXTS.colleagues)} <span class={styles.quiet}>{say(TEXTS.free, { count: free })}</span>
      </h2>
      {there.length === 0 && <p class={styles.quiet}>{say(TEXTS.noColleagues)}</p>}
      <ul class={styles.rows}>
        {there.slice(0, MOST).map((colleague) => (
          <Row key={colleague.id} of={colleague} />
        ))}
      </ul>
      {there.length > MOST && <p class={styles.quiet}>{say(TEXTS.more, { count: there.length - MOST })}</p>}
    </section>
  );
}

function Row({ of }: { of: Colleague }) {
  const now = useNow();
  return (
    <li data-absent={absent(of) || undefined}>
      <span>
        {of.name} <small class={styles.quiet}>{of.id}</small>
      </span>
      <StateMark state={shown(of)} />
      <span class={styles.figure}>{duration(secondsSince(of.since, now))}</span>
    </li>
  );
}
