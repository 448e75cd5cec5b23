import type { PromptOut } from "../../api/schema";
import sheet from "../../frame/Sheet.module.css";
import { useStore } from "../../frame/store";
import { useSpeaker } from "../../texts/language";
import type { Text } from "../../texts/texts";
import { duration } from "../../time/format";
import { SPEAKERS } from "./Filters";
import { placeOf } from "./filter";
import styles from "./Prompts.module.css";
import { pending, playing, type Sound, used } from "./player";
import { Manage, type ManageProps } from "./recording/Manage";
import { TEXTS as RECORDING } from "./recording/texts";
import { TEXTS } from "./texts";

export interface TableProps {
  prompts: readonly PromptOut[];
  onListen: (sound: Sound) => void;
  onStop: () => void;
  /** What can be done with recordings; null: this account may not. */
  manage: Omit<ManageProps, "prompt"> | null;
}

export function PromptsTable({ prompts, onListen, onStop, manage }: TableProps) {
  const { say } = useSpeaker();
  const now = useStore(playing);
  const listener = (prompt: PromptOut, sound: Sound, words: Text) => (
    <button
      type="button"
      class={styles.listen}
      aria-describedby={`text-${prompt.id}`}
      onClick={() => (now === sound.id ? onStop() : onListen(sound))}
    >
      {say(now === sound.id ? TEXTS.stop : words)}
    </button>
  );
  return (
    <div class={sheet.room}>
      <table class={sheet.table}>
        <thead>
          <tr>
            <th scope="col">
              <span class="spoken">{say(TEXTS.doings)}</span>
            </th>
            <th scope="col">{say(TEXTS.text)}</th>
            <th scope="col">{say(TEXTS.speaker)}</th>
            <th scope="col">{say(TEXTS.seconds)}</th>
            <th scope="col">{say(TEXTS.where)}</th>
            {manage !== null && (
              <th scope="col">
                <span class="spoken">{say(RECORDING.manage)}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {prompts.map((prompt) => (
            <tr key={prompt.id} data-prompt={prompt.id} data-playing={now !== null && now === used(prompt).id}>
              <td>{prompt.seconds !== null && listener(prompt, used(prompt), TEXTS.listen)}</td>
              <td id={`text-${prompt.id}`} lang={prompt.language} class={styles.text}>
                {prompt.text}
              </td>
              <td>
                <span class={prompt.speaker === "draft" ? sheet.refused : undefined}>
                  {say(SPEAKERS[prompt.speaker])}
                </span>
                {prompt.pending && (
                  <div class={styles.pending}>
                    {say(prompt.recording === null ? RECORDING.pendingNone : RECORDING.pendingNew)}
                    {prompt.recording !== null && listener(prompt, pending(prompt), RECORDING.listenNew)}
                  </div>
                )}
              </td>
              <td>{prompt.seconds === null ? say(TEXTS.missing) : duration(Math.ceil(prompt.seconds))}</td>
              <td class={sheet.quiet}>
                {prompt.where.map((where) => (
                  <Where key={where} where={where} />
                ))}
              </td>
              {manage !== null && (
                <td>
                  <Manage prompt={prompt} {...manage} />
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Where({ where }: { where: string }) {
  const { say } = useSpeaker();
  const place = placeOf(where);
  if (place.kind === "hotline") {
    const parts = place.place.split(/(?<=\.)/); // a line ends between keys, not within one
    return (
      <code class={styles.place}>
        {parts.map((part) => (
          <>
            {part}
            <wbr />
          </>
        ))}
      </code>
    );
  }
  return <span class={styles.place}>{say(place.kind === "number" ? TEXTS.number : TEXTS.phrase)}</span>;
}
