import { useStore } from "../../../frame/store";
import type { Agent } from "../../../live/board";
import { choice } from "../../../phone/phone";
import { useSpeaker } from "../../../texts/language";
import styles from "./Idle.module.css";
import { TEXTS } from "./texts";

/** For an agent without any telephone: the first thing to do. */
export function FirstPhone({ me }: { me: Agent }) {
  const { say } = useSpeaker();
  if (useStore(choice) === "browser" || me.phone !== "unreachable") return null;
  return (
    <section class={styles.first} aria-label={say(TEXTS.noPhone)}>
      <h2>{say(TEXTS.noPhone)}</h2>
      <p>{say(TEXTS.noPhoneWhy)}</p>
      <button type="button" data-primary onClick={() => choice.set("browser")}>
        {say(TEXTS.useBrowser)}
      </button>
    </section>
  );
}
