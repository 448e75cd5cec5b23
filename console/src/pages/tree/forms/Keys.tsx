import { useState } from "preact/hooks";
import { useSpeaker } from "../../../texts/language";
import { Destination } from "./Destination";
import styles from "./Forms.module.css";
import { Wrong } from "./fields";
import { TEXTS } from "./texts";
import { useFormsHere } from "./useForms";
import { at, entries } from "./value";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "*", "#"] as const;
const FILE = "hotline.yaml";

/** The keys of a menu, and what follows each. A row that is dragged to another one exchanges the two keys; so does the
 *  choice of another key. */
export function Keys({ menu }: { menu: string }) {
  const { say } = useSpeaker();
  const { values, apply } = useFormsHere();
  const [dragged, setDragged] = useState<string | null>(null);
  const [over, setOver] = useState<string | null>(null);
  const path = ["menus", menu, "keys"];
  const used = Object.keys(entries(at(values[FILE], ...path)));
  const move = (from: string, to: string) => {
    if (from !== to && used.includes(from)) void apply({ do: "rename", file: FILE, path: [...path, from], to });
  };
  const drop = (key: string) => {
    if (dragged !== null) move(dragged, key);
    setDragged(null);
    setOver(null);
  };
  return (
    <ol class={styles.rows} aria-label={say(TEXTS.keys)}>
      {KEYS.map((key) => (
        <li
          key={key}
          class={styles.row}
          data-key={key}
          data-used={used.includes(key)}
          data-over={over === key && dragged !== key}
          draggable={used.includes(key)}
          onDragStart={(event) => {
            event.dataTransfer?.setData("text/plain", key);
            setDragged(key);
          }}
          onDragOver={(event) => {
            event.preventDefault();
            setOver(key);
          }}
          onDrop={(event) => {
            event.preventDefault();
            drop(key);
          }}
          onDragEnd={() => {
            setDragged(null);
            setOver(null);
          }}
        >
          <span class={styles.handle} aria-hidden="true" title={say(TEXTS.drag)}>
            ⠿
          </span>
          {used.includes(key) ? (
            <select
              aria-label={say(TEXTS.keyOf, { key })}
              value={key}
              onChange={({ currentTarget }) => move(key, currentTarget.value)}
            >
              {KEYS.map((each) => (
                <option key={each} value={each}>
                  {each}
                </option>
              ))}
            </select>
          ) : (
            <b>{key}</b>
          )}
          <Destination path={[...path, key]} label={say(TEXTS.after, { key })} none={say(TEXTS.nothing)} again />
          <span />
          <Wrong place={{ file: FILE, path: [...path, key] }} />
        </li>
      ))}
    </ol>
  );
}
