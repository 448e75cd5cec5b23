import { useEffect } from "preact/hooks";
import { useStore } from "../../frame/store";
import { board, follow } from "../../live/live";
import { useSpeaker } from "../../texts/language";
import { TEXTS } from "./texts";

export default function Wall() {
  const { say } = useSpeaker();
  const told = useStore(board);
  useEffect(follow, []);
  return (
    <main>
      <h1>{say(TEXTS.title)}</h1>
      {told && [...told.queues.values()].map((queue) => <p key={queue.id}>{queue.waiting}</p>)}
    </main>
  );
}
