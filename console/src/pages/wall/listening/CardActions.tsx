import { useMemo } from "preact/hooks";
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

/** Below the card of an agent in a talk: who listens, and, while the card is in focus or under the pointer, the buttons.
 *  Drawn again only when something of it changes. */
export function CardActions({ agent, board }: { agent: Agent; board: Board }) {
  const { say } = useSpeaker();
  const signed = useStore(session);
  const who = signed.kind === "signed-in" && mayListen(signed.who) ? signed.who : null;
  const heard = heardBy(board, agent)
    .map(({ by }) => by.replace(/^\w+:/, ""))
    .join(" · ");
  const own = who && mine(board, who);
  const mode = own?.call_id === agent.call_id ? own?.mode : undefined;
  const shown = who !== null && inTalk(agent);
  return useMemo(
    () =>
      shown && (
        <div class={styles.below}>
          {heard && <span class={styles.heard}>{say(TEXTS.heardBy, { who: heard })}</span>}
          <fieldset
            class={styles.actions}
            aria-label={say(TEXTS.actions, { id: agent.id, name: agent.name })}
            data-actions={agent.id}
          >
            <ModeButtons now={mode} onMode={(chosen) => take(agent, chosen)} />
            {mode && (
              <button type="button" onClick={end}>
                {say(TEXTS.end)} <Key name="E" />
              </button>
            )}
          </fieldset>
        </div>
      ),
    [agent, heard, mode, shown, say],
  );
}
