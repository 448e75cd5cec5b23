import { useEffect, useState } from "preact/hooks";
import { ask } from "../../api/client";
import type { StoryOut } from "../../api/schema";
import { Notice } from "../../frame/Notice";
import { called, useNames } from "../../frame/names";
import { useStore } from "../../frame/store";
import type { Agent } from "../../live/board";
import { board, follow } from "../../live/live";
import { attach, phone } from "../../phone/phone";
import { session } from "../../session/session";
import { useSpeaker } from "../../texts/language";
import { AboutCall } from "./AboutCall";
import { CallPanel } from "./CallPanel";
import styles from "./Desk.module.css";
import { PhoneBar } from "./PhoneBar";
import { StateBar } from "./StateBar";
import { useNotification } from "./sound/notification";
import { TEXTS } from "./texts";
import { DayFoot } from "./wrapup/DayFoot";
import { EarlierCalls } from "./wrapup/EarlierCalls";
import { WrapUp } from "./wrapup/WrapUp";

export default function Desk() {
  const now = useStore(session);
  const { say } = useSpeaker();
  useEffect(follow, []);
  const agent = now.kind === "signed-in" ? now.who.agent : null;
  if (agent === null) return <Notice>{say(TEXTS.noAgent)}</Notice>;
  return <Seat key={agent} id={agent} />;
}

/** The desk of this agent. */
function Seat({ id }: { id: string }) {
  const { say, language } = useSpeaker();
  const told = useStore(board);
  const line = useStore(phone);
  useEffect(() => attach(id), [id]);
  const me = told?.agents.get(id);
  const story = useStory(me);
  const queue = me?.queue ?? null;
  const names = useNames(queue);
  useNotification(line, queue === null || names === null ? null : called(names.queues, queue, language));
  if (told === null) return null;
  if (me === undefined) return <Notice>{say(TEXTS.unseen, { id })}</Notice>;
  return (
    <main class={styles.desk}>
      <div class={styles.bar}>
        <StateBar me={me} names={names} />
        <PhoneBar line={line} />
      </div>
      <div class={styles.panels}>
        <CallPanel line={line} me={me} story={story} names={names} />
        <div>
          <AboutCall me={me} story={story} names={names} />
          <EarlierCalls me={me} known={story !== null && story.caller !== ""} names={names} />
          <WrapUp me={me} />
        </div>
      </div>
      <DayFoot me={me} />
    </main>
  );
}

/** The agent's call, asked for anew whenever the agent's state changes, or the part in it: the story has grown. */
function useStory(me: Agent | undefined): StoryOut | null {
  const [story, setStory] = useState<StoryOut | null>(null);
  const call = me?.call_id ?? null;
  const { state, sent } = me ?? {};
  const stage = me?.aside?.stage;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `state`, `sent`, `stage` say when
  useEffect(() => {
    if (call === null) {
      setStory(null);
      return;
    }
    const cut = new AbortController();
    ask("get", "/api/v1/calls/{call_id}", { path: { call_id: call } }, cut.signal).then(setStory, () => {});
    return () => cut.abort();
  }, [call, state, sent, stage]);
  return story?.id === call ? story : null;
}
