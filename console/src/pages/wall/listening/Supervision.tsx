import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { failure } from "../../../frame/failure";
import { useKeys } from "../../../frame/keys";
import { useStore } from "../../../frame/store";
import type { Agent, Board } from "../../../live/board";
import { session } from "../../../session/session";
import { useSpeaker } from "../../../texts/language";
import { HelpBanner } from "./HelpBanner";
import styles from "./Listening.module.css";
import { ListeningBar } from "./ListeningBar";
import { calling, helpKey, inTalk, MODE_KEYS, mayListen, mine } from "./supervision";
import { changeTo, end, failed, NO_PHONE, take } from "./take";
import { TEXTS } from "./texts";

/** Calls for help, and the own listening. It draws nothing while there is neither. */
export function Supervision({ board, big }: { board: Board; big: boolean }) {
  const signed = useStore(session);
  const [aside, setAside] = useState<ReadonlySet<string>>(new Set());
  const who = signed.kind === "signed-in" ? signed.who : null;
  const may = who !== null && mayListen(who) && !big;
  const own = who && may ? mine(board, who) : null;
  const helped = calling(board, aside);
  const putAside = (agent: Agent) => setAside(new Set([...aside, helpKey(agent)]));
  const onMode = (key: string) => () => {
    const mode = MODE_KEYS[key];
    const agent = focused(board) ?? helped[0];
    if (mode === undefined) return;
    if (own !== null && (agent === undefined || agent.id === own.agent)) changeTo(mode);
    else if (inTalk(agent)) take(agent, mode);
  };
  useKeys(
    may
      ? {
          ...Object.fromEntries(Object.keys(MODE_KEYS).map((key) => [key, onMode(key)])),
          e: end,
          p: () => helped[0] && putAside(helped[0]),
        }
      : {},
  );
  return (
    <>
      <div class={styles.top}>
        {helped.length > 0 && (
          <HelpBanner agents={helped} board={board} onTake={may ? take : undefined} onAside={putAside} />
        )}
        {own && (
          <ListeningBar listening={own} agent={board.agents.get(own.agent ?? "")} onMode={changeTo} onEnd={end} />
        )}
        {may && <Failed />}
      </div>
      {may && who.agent !== null && <Telephone agent={who.agent} />}
    </>
  );
}

/** The agent whose card has the focus, if the agent is in a talk. */
function focused(board: Board): Agent | undefined {
  const card = document.activeElement?.closest("li")?.querySelector<HTMLElement>("[data-agent]");
  const agent = board.agents.get(card?.dataset.agent ?? "");
  return inTalk(agent) ? agent : undefined;
}

function Failed() {
  const speaker = useSpeaker();
  const error = useStore(failed);
  if (error === null) return null;
  return (
    <p class={styles.failed} role="alert">
      {error === NO_PHONE ? speaker.say(TEXTS.noPhone) : failure(error, speaker)}
    </p>
  );
}

/** The own telephone. Its code, and that of the phone in the browser, comes only for who has one. */
function Telephone({ agent }: { agent: string }) {
  const [Content, setContent] = useState<ComponentType<{ agent: string }> | null>(null);
  useEffect(() => {
    import("./OwnPhone").then(
      (module) => setContent(() => module.default),
      () => {}, // without it a SIP phone serves
    );
  }, []);
  return Content && <Content key={agent} agent={agent} />;
}
