import { useEffect, useRef, useState } from "preact/hooks";
import { ask } from "../../../api/client";
import { Dialog } from "../../../frame/Dialog";
import type { Board } from "../../../live/board";
import { useSpeaker } from "../../../texts/language";
import { named, type Text } from "../../../texts/texts";
import { atFront } from "./line";
import styles from "./MoveDialog.module.css";
import { hindrance, type To, targets } from "./moving";
import { Targets } from "./Targets";
import { TEXTS } from "./texts";

type Kind = "front" | "queue" | "agent";

const KINDS: readonly (readonly [Kind, Text, Text])[] = [
  ["front", TEXTS.toFront, TEXTS.frontHint],
  ["queue", TEXTS.toQueue, TEXTS.queueHint],
  ["agent", TEXTS.toAgent, TEXTS.agentHint],
];

export interface MoveProps {
  board: Board;
  callId: string;
  /** With what was done, in words; null: nothing. */
  onDone: (said: string | null) => void;
}

/** Asks where a caller is to go, and moves the caller there. Escape or Cancel changes nothing. */
export function MoveDialog({ board, callId, onDone }: MoveProps) {
  const speaker = useSpeaker();
  const { say, language } = speaker;
  const said = useRef<string | null>(null);
  const first = useRef(board.callers.get(callId));
  const [kind, setKind] = useState<Kind>(first.current && atFront(first.current) ? "queue" : "front");
  const [queue, setQueue] = useState<string | null>(null);
  const [agent, setAgent] = useState<string | null>(null);
  const caller = first.current;
  useEffect(() => {
    if (caller === undefined) onDone(null);
  }, [caller, onDone]);
  if (caller === undefined) return null;

  const queues = [...board.queues.values()].filter((one) => one.id !== caller.queue);
  const agents = targets(board, caller);
  const toQueue = queue ?? queues[0]?.id;
  const toAgent = agent ?? agents.find(({ can }) => can)?.agent.id;
  const to = targetOf(kind, toQueue, toAgent);
  const number = caller.caller || say(TEXTS.hidden);

  const move = async () => {
    if (to === null) return;
    await ask("post", "/api/v1/calls/{call_id}/move", { path: { call_id: callId }, body: { to } });
    said.current = done(to);
  };

  const done = (there: To): string => {
    if ("front" in there) return say(TEXTS.movedFront, { caller: number });
    if ("agent" in there) return say(TEXTS.movedAgent, { caller: number, agent: there.agent });
    return say(TEXTS.movedQueue, { caller: number, name: named(board.queues.get(there.queue)?.name ?? {}, language) });
  };

  return (
    <Dialog
      title={say(TEXTS.moveTitle, { caller: number })}
      action={say(TEXTS.moveNow)}
      narrow
      hindrance={to === null ? "" : hindrance(board, caller, to, speaker)}
      onSubmit={move}
      onDone={() => onDone(said.current)}
    >
      <fieldset class={styles.choices}>
        <legend class="spoken">{say(TEXTS.where)}</legend>
        {KINDS.map(([each, word, hint]) => (
          <div key={each}>
            <label>
              <input
                type="radio"
                name="where"
                checked={kind === each}
                autofocus={kind === each}
                onChange={() => setKind(each)}
              />
              {say(word)}
            </label>
            <Targets
              kind={each}
              chosen={kind === each}
              queues={queues}
              queue={toQueue}
              onQueue={setQueue}
              agents={agents}
              agent={toAgent}
              onAgent={setAgent}
            />
            {kind === each && <small>{say(hint)}</small>}
          </div>
        ))}
      </fieldset>
    </Dialog>
  );
}

function targetOf(kind: Kind, queue: string | undefined, agent: string | undefined): To | null {
  if (kind === "front") return { front: true };
  if (kind === "queue") return queue === undefined ? null : { queue };
  return agent === undefined ? null : { agent };
}
