import { useId } from "preact/hooks";
import { useSpeaker } from "../../../texts/language";
import type { PaneProps, PlaceName } from "../model";
import styles from "./Panes.module.css";
import { TEXTS } from "./texts";

export interface ChangesProps {
  readonly changes: readonly { readonly sentence: string; readonly place: PlaceName | null }[];
  readonly onPlace: PaneProps["onPlace"];
}

/** What changes, in sentences; each leads to its place in the picture. */
export function Changes({ changes, onPlace }: ChangesProps) {
  const { say } = useSpeaker();
  const id = useId();
  return (
    <ul class={styles.changes}>
      {changes.map(({ sentence, place }, index) => (
        <li key={index} data-change={place ?? ""}>
          <span id={`${id}-${index}`}>{sentence}</span>
          {place !== null && (
            <button type="button" data-plain aria-describedby={`${id}-${index}`} onClick={() => onPlace(place)}>
              {say(TEXTS.show)}
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}
