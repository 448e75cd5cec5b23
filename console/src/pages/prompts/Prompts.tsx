import { useEffect, useState } from "preact/hooks";
import { useAnswer } from "../../api/answer";
import { ask } from "../../api/client";
import { failure } from "../../frame/failure";
import { Notice } from "../../frame/Notice";
import sheet from "../../frame/Sheet.module.css";
import { TEXTS as FRAME } from "../../frame/texts";
import { useSpeaker } from "../../texts/language";
import { Filters } from "./Filters";
import { ALL, find } from "./filter";
import { PromptsTable } from "./PromptsTable";
import { play, stop } from "./player";
import { TEXTS } from "./texts";

/** What callers hear: listen to it, see who speaks it and where it is used. */
export default function Prompts() {
  const speaker = useSpeaker();
  const { say } = speaker;
  const { answer: prompts, error } = useAnswer((signal) => ask("get", "/api/v1/prompts", {}, signal), []);
  const [filter, setFilter] = useState(ALL);
  const [silent, setSilent] = useState(false);
  useEffect(() => stop, []);
  if (prompts === null) return <Notice>{error === null ? say(FRAME.loading) : failure(error, speaker)}</Notice>;
  const shown = find(prompts, filter);
  const listen = (id: string) => void play(id).then((plays) => setSilent(!plays));
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
      <Filters filter={filter} languages={[...new Set(prompts.map(({ language }) => language))]} onFilter={setFilter} />
      <p class={sheet.refused} role="alert">
        {silent && say(TEXTS.silent)}
      </p>
      {shown.length === 0 ? (
        <p class={sheet.nothing}>{say(TEXTS.nothing)}</p>
      ) : (
        <PromptsTable prompts={shown} onListen={listen} onStop={stop} />
      )}
    </main>
  );
}
