import { Key } from "../../../frame/Key";
import { useStore } from "../../../frame/store";
import type { Agent, Board } from "../../../live/board";
import { session } from "../../../session/session";
import { useSpeaker } from "../../../texts/language";
import styles from "./Listening.module.css";
import { ModeButtons } from "./ModeButtons";
import { heardBy, inTalk, mayListen, mine } from "./supervision";
import { end, take } from "./take";
import { TEXTS } from "./texts";

/** Below the card of an agent in a talk: who listens, and, while the card is in focus or under the pointer, the buttons. */
export function CardActions({ agent, listening }: { agent: Agent } & Pick<Board, "listening">) {
  const { say } = useSpeaker();
  const who = useStore(session);
  if (who.kind !== "signed-in" || !mayListen(who.who) || !inTalk(agent)) return null;
  const heard = heardBy({ listening }, agent);
  const own = mine({ listening }, who.who);
  const here = own?.call_id === agent.call_id ? own : null;
  const label = say(TEXTS.actions, { id: agent.id, name: agent.name });
  return (
    <div class={styles.below}>
      {heard.length > 0 && (
        <span class={styles.heard}>
          {say(TEXTS.heardBy, { who: heard.map(({ by }) => by.replace(/^\w+:/, "")).join(" · ") })}
        </span>
      )}
      <fieldset class={styles.actions} aria-label={label} data-actions={agent.id}>
        <ModeButtons now={here?.mode} onMode={(mode) => take(agent, mode)} />
        {here && (
          <button type="button" onClick={end}>
            {say(TEXTS.end)} <Key name="E" />
          </button>
        )}
      </fieldset>
    </div>
  );
}
