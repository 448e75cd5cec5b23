import type { PaneProps } from "../model";
import styles from "./Panes.module.css";
import { Replay } from "./Replay";
import { Tests } from "./Tests";

/** What a draft would do: its tests, and the callers of the last days. */
export function Trying(props: PaneProps) {
  return (
    <div class={styles.pane}>
      <Tests {...props} />
      <Replay {...props} />
    </div>
  );
}
