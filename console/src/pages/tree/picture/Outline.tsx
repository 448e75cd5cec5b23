import { useRef } from "preact/hooks";
import type { NodeOut, OutlineOut } from "../../../api/schema";
import { useSpeaker } from "../../../texts/language";
import { kindOf } from "../kinds";
import { TEXTS } from "../texts";
import styles from "./Picture.module.css";

interface OutlineProps {
  readonly outline: OutlineOut;
  readonly label: string;
  readonly chosen: string | null;
  readonly onChoose: (place: string) => void;
  readonly onOpen: (place: string) => void;
}

/** The places of the picture one below the other, for those who do not see it. */
export function Outline({ outline, label, chosen, onChoose, onOpen }: OutlineProps) {
  const list = useRef<HTMLDivElement>(null);
  const { places } = outline;
  const at = Math.max(
    places.findIndex(({ place }) => place === chosen),
    0,
  );
  const step = (event: KeyboardEvent) => {
    const steps: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: places.length - 1 };
    const next = places[steps[event.key] ?? -1];
    if ((event.key === "Enter" || event.key === " ") && places[at] !== undefined) onOpen(places[at].place);
    else if (next === undefined) return;
    else {
      onChoose(next.place);
      list.current?.querySelector<HTMLElement>(`[data-item="${CSS.escape(next.place)}"]`)?.focus();
    }
    event.preventDefault();
  };
  return (
    <div class={styles.list} role="tree" aria-label={label} ref={list} onKeyDown={step}>
      {places.map((place, index) => (
        <Item
          key={place.place}
          place={place}
          chosen={place.place === chosen}
          first={index === at}
          onChoose={onChoose}
        />
      ))}
    </div>
  );
}

interface ItemProps {
  readonly place: NodeOut;
  readonly chosen: boolean;
  /** In the order of Tab. */
  readonly first: boolean;
  readonly onChoose: (place: string) => void;
}

function Item({ place, chosen, first, onChoose }: ItemProps) {
  const { say } = useSpeaker();
  return (
    <div
      class={styles.item}
      style={{ "--level": place.level }}
      role="treeitem"
      aria-level={place.level}
      aria-selected={chosen}
      tabIndex={first ? 0 : -1}
      data-item={place.place}
      onClick={() => onChoose(place.place)}
      onKeyDown={undefined}
    >
      <span class={styles.name}>{place.title}</span>
      <span class={styles.aside}>{say(kindOf(place))}</span>
      {place.reach === "nobody" && <span class={styles.lost}>{say(TEXTS.unreachable)}</span>}
      {place.calls !== null && <span class={styles.calls}>{place.calls}</span>}
    </div>
  );
}
