import { useRef } from "preact/hooks";
import styles from "./Tree.module.css";

interface TabsProps<T extends string> {
  readonly label: string;
  /** Name and word of each; then what readers of the screen hear, where that is not the word. */
  readonly tabs: readonly (readonly [T, string, string?])[];
  readonly shown: T;
  /** The id of the element that they change. */
  readonly panel: string;
  readonly onShow: (name: T) => void;
}

/** Which of several things is shown. Arrow keys lead along. */
export function Tabs<T extends string>({ label, tabs, shown, panel, onShow }: TabsProps<T>) {
  const list = useRef<HTMLDivElement>(null);
  const step = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by === undefined) return;
    const at = tabs.findIndex(([name]) => name === shown);
    const [next] = tabs[(at + by + tabs.length) % tabs.length] ?? [shown];
    event.preventDefault();
    onShow(next);
    list.current?.querySelector<HTMLElement>(`[data-tab="${next}"]`)?.focus();
  };
  return (
    <div class={styles.tabs} role="tablist" aria-label={label} ref={list} onKeyDown={step}>
      {tabs.map(([name, words, spoken]) => (
        <button
          key={name}
          type="button"
          role="tab"
          data-plain
          data-tab={name}
          aria-label={spoken}
          aria-selected={name === shown}
          aria-controls={panel}
          tabIndex={name === shown ? 0 : -1}
          onClick={() => onShow(name)}
        >
          {words}
        </button>
      ))}
    </div>
  );
}
