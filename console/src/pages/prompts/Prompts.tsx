import { useEffect, useState } from "preact/hooks";
import { useAnswer } from "../../api/answer";
import { ask } from "../../api/client";
import type { PromptOut } from "../../api/schema";
import { failure } from "../../frame/failure";
import { Notice } from "../../frame/Notice";
import sheet from "../../frame/Sheet.module.css";
import { useStore } from "../../frame/store";
import { TEXTS as FRAME } from "../../frame/texts";
import { session } from "../../session/session";
import { useSpeaker } from "../../texts/language";
import { Filters } from "./Filters";
import { ALL, find } from "./filter";
import { PromptsTable } from "./PromptsTable";
import { play, type Sound, stop } from "./player";
import { RemoveDialog, UseDialog } from "./recording/dialogs";
import { Pending } from "./recording/Pending";
import { RecordDialog } from "./recording/RecordDialog";
import { TEXTS } from "./texts";

type Doing = { kind: "record" | "remove"; prompt: PromptOut } | { kind: "use" } | null;

/** What callers hear: listen to it, see who speaks it and where it is used, record it. */
export default function Prompts() {
  const speaker = useSpeaker();
  const { say } = speaker;
  const { answer: prompts, error, again } = useAnswer((signal) => ask("get", "/api/v1/prompts", {}, signal), []);
  const [filter, setFilter] = useState(ALL);
  const [silent, setSilent] = useState(false);
  const [doing, setDoing] = useState<Doing>(null);
  const [used, setUsed] = useState(false);
  const mayRecord = useMayRecord();
  useEffect(() => stop, []);
  if (prompts === null) return <Notice>{error === null ? say(FRAME.loading) : failure(error, speaker)}</Notice>;
  const shown = find(prompts, filter);
  const listen = (sound: Sound) => void play(sound).then((plays) => setSilent(!plays));
  const begin = (next: Doing) => {
    stop();
    setUsed(false);
    setDoing(next);
  };
  const done = () => {
    setDoing(null);
    again(); // also when it was not done: somebody else may have changed it
  };
  const manage = mayRecord
    ? {
        onRecord: (prompt: PromptOut) => begin({ kind: "record", prompt }),
        onRemove: (prompt: PromptOut) => begin({ kind: "remove", prompt }),
      }
    : null;
  return (
    <main class={sheet.sheet}>
      <div>
        <div class={sheet.bar}>
          <h1>{say(TEXTS.title)}</h1>
          <span class={sheet.quiet} role="status">
            {say(TEXTS.count, { count: shown.length })}
          </span>
        </div>
        <p class={sheet.quiet}>{say(TEXTS.intro)}</p>
      </div>
      <Pending prompts={prompts} used={used} onUse={mayRecord ? () => begin({ kind: "use" }) : null} />
      <Filters filter={filter} languages={[...new Set(prompts.map(({ language }) => language))]} onFilter={setFilter} />
      <p class={sheet.refused} role="alert">
        {error === null ? silent && say(TEXTS.silent) : failure(error, speaker)}
      </p>
      {shown.length === 0 ? (
        <p class={sheet.nothing}>{say(TEXTS.nothing)}</p>
      ) : (
        <PromptsTable prompts={shown} onListen={listen} onStop={stop} manage={manage} />
      )}
      {doing?.kind === "record" && <RecordDialog prompt={doing.prompt} onDone={done} />}
      {doing?.kind === "remove" && <RemoveDialog prompt={doing.prompt} onDone={done} />}
      {doing?.kind === "use" && <UseDialog onUsed={() => setUsed(true)} onDone={done} />}
    </main>
  );
}

/** Whether the account may record: administrators of the whole hotline. */
function useMayRecord(): boolean {
  const now = useStore(session);
  if (now.kind !== "signed-in") return false;
  const { roles, queues, departments } = now.who;
  return roles.includes("administrator") && queues.length + departments.length === 0;
}
