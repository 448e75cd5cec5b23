import { useEffect, useState } from "preact/hooks";
import { ask } from "../../api/client";
import type { OwnCallOut, StoryOut } from "../../api/schema";
import { Notice } from "../../frame/Notice";
import { NoticeLine } from "../../frame/NoticeLine";
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
import { History } from "./history/History";
import { Call } from "./idle/Call";
import { Colleagues } from "./idle/Colleagues";
import { Finish } from "./idle/Finish";
import { FirstPhone } from "./idle/FirstPhone";
import { LastCalls } from "./idle/LastCalls";
import { OwnQueues } from "./idle/OwnQueues";
import { PhoneBar } from "./PhoneBar";
import { Spoken } from "./Spoken";
import { StateBar } from "./StateBar";
import { useNotification } from "./sound/notification";
import { TEXTS } from "./texts";
import { about } from "./way";
import { DayFoot } from "./wrapup/DayFoot";
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
  const current = useStore(board);
  const line = useStore(phone);
  useEffect(() => attach(id), [id]);
  const me = current?.agents.get(id);
  const story = useStory(me);
  const asked = useAsked(story);
  const queue = me?.queue ?? null;
  const names = useNames(queue);
  const queueName = queue === null || names === null ? null : called(names.queues, queue, language);
  useNotification(line, queueName);
  const [opened, setOpened] = useState<OwnCallOut | null>(null);
  const working = me?.state === "on-call" || me?.state === "wrap-up";
  useEffect(() => {
    if (working) setOpened(null); // a call that only rings leaves what is being typed
  }, [working]);
  if (current === null) return null;
  if (me === undefined) return <Notice>{say(TEXTS.unseen, { id })}</Notice>;
  return (
    <main class={styles.desk}>
      <Spoken me={me} queue={queueName} />
      <div class={styles.bar}>
        <StateBar me={me} names={names} />
        <PhoneBar line={line} />
      </div>
      <div class={styles.middle}>
        <NoticeLine notice={current.notice} />
        <FirstPhone me={me} />
        <div class={styles.panels}>
          <div class={styles.side}>
            <CallPanel line={line} me={me} story={story} asked={asked} names={names} />
            {!working && (
              <>
                <Call me={me} />
                <OwnQueues me={me} board={current} />
                <Colleagues board={current} />
              </>
            )}
          </div>
          <div>
            <AboutCall me={me} story={asked ?? story} names={names} />
            <History me={me} known={story !== null && story.caller !== "" && asked === null} names={names} />
            {opened === null ? (
              <WrapUp me={me} />
            ) : (
              <Finish key={opened.id} me={me} call={opened} onClose={() => setOpened(null)} />
            )}
            {!working && <LastCalls me={me} names={names} opened={opened?.id ?? null} onOpen={setOpened} />}
          </div>
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

/** The call about which a colleague asks in this one, through a queue; null: this is no such call. */
function useAsked(story: StoryOut | null): StoryOut | null {
  const [asked, setAsked] = useState<StoryOut | null>(null);
  const id = about(story);
  // biome-ignore lint/correctness/useExhaustiveDependencies: with the story of this call that one may have grown, too
  useEffect(() => {
    if (id === null) {
      setAsked(null);
      return;
    }
    const cut = new AbortController();
    ask("get", "/api/v1/calls/{call_id}", { path: { call_id: id } }, cut.signal).then(setAsked, () => {});
    return () => cut.abort();
  }, [id, story]);
  return asked?.id === id ? asked : null;
}
