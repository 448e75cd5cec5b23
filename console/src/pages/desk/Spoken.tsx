import type { Agent } from "../../live/board";
import { LOOKS, shown } from "../../states/states";
import { useSpeaker } from "../../texts/language";
import { TEXTS as SOUND } from "./sound/texts";
import { TEXTS } from "./texts";

/** For readers of the screen: the state whenever it is another one, and at once that a call rings. The timers stand outside,
 *  as a reader would say each of their seconds.
 */
export function Spoken({ me, queue }: { me: Agent; queue: string | null }) {
  const { say } = useSpeaker();
  const rings = me.state === "ringing" && queue !== null;
  const seen = me.state === "ready" ? shown(me) : me.state;
  return (
    <div class="spoken">
      <p role="status">{rings ? "" : `${say(TEXTS.state)}: ${say(LOOKS[seen].word)}`}</p>
      <p role="alert">{rings ? say(SOUND.offer, { queue }) : ""}</p>
    </div>
  );
}
