import type { NamesOut } from "../../../api/schema";
import { reasonCalled } from "../../../frame/names";
import { followLink } from "../../../frame/place";
import type { Agent, Board } from "../../../live/board";
import { StateMark } from "../../../states/StateMark";
import { LOOKS, shown } from "../../../states/states";
import { useSpeaker } from "../../../texts/language";
import { named } from "../../../texts/texts";
import { Countdown, Timer } from "../../../time/Timer";
import { addressOfCall } from "../../calls/search";
import { reasonOf } from "../attention";
import { TEXTS as WALL } from "../texts";
import { TEXTS } from "./texts";

/** The state now, for how long, why, and with which call. */
export function Now({ agent, board, names }: { agent: Agent; board: Board; names: NamesOut | null }) {
  const { say, language } = useSpeaker();
  const queue = board.queues.get(agent.queue ?? "");
  const more = [
    queue && named(queue.name, language),
    reasonCalled(names, reasonOf(agent), language),
    agent.next_state && say(WALL.following, { state: say(LOOKS[agent.next_state].word) }),
  ].filter(Boolean);
  return (
    <p>
      <StateMark state={shown(agent)} />{" "}
      {agent.wrap_up_until ? <Countdown until={agent.wrap_up_until} /> : <Timer since={agent.since} />}
      {more.length > 0 && ` · ${more.join(" · ")}`}
      {agent.call_id !== null && (
        <>
          {" · "}
          <a href={addressOfCall(agent.call_id)} onClick={followLink}>
            {say(TEXTS.inCall)}
          </a>
        </>
      )}
    </p>
  );
}
