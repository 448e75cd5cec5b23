import type { PromptOut } from "../../api/schema";
import sheet from "../../frame/Sheet.module.css";
import { useStore } from "../../frame/store";
import { useSpeaker } from "../../texts/language";
import { duration } from "../../time/format";
import { SPEAKERS } from "./Filters";
import { placeOf } from "./filter";
import styles from "./Prompts.module.css";
import { playing } from "./player";
import { TEXTS } from "./texts";

export interface TableProps {
  prompts: readonly PromptOut[];
  onListen: (id: string) => void;
  onStop: () => void;
}

export function PromptsTable({ prompts, onListen, onStop }: TableProps) {
  const { say } = useSpeaker();
  const now = useStore(playing);
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
          </tr>
        </thead>
        <tbody>
          {prompts.map((prompt) => (
            <tr key={prompt.id} data-prompt={prompt.id} data-playing={now === prompt.id}>
              <td>
                {prompt.seconds !== null && (
                  <button
                    type="button"
                    class={styles.listen}
                    aria-describedby={`text-${prompt.id}`}
                    onClick={() => (now === prompt.id ? onStop() : onListen(prompt.id))}
                  >
                    {say(now === prompt.id ? TEXTS.stop : TEXTS.listen)}
                  </button>
                )}
              </td>
              <td id={`text-${prompt.id}`} lang={prompt.language} class={styles.text}>
                {prompt.text}
              </td>
              <td class={prompt.speaker === "draft" ? sheet.refused : undefined}>{say(SPEAKERS[prompt.speaker])}</td>
              <td>{prompt.seconds === null ? say(TEXTS.missing) : duration(Math.ceil(prompt.seconds))}</td>
              <td class={sheet.quiet}>
                {prompt.where.map((where) => (
                  <Where key={where} where={where} />
                ))}
              </td>
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
  if (place.kind === "hotline") return <code class={styles.place}>{place.place}</code>;
  return <span class={styles.place}>{say(place.kind === "number" ? TEXTS.number : TEXTS.phrase)}</span>;
}
