import type { ComponentChildren } from "preact";
import styles from "./Notice.module.css";

/** A page that has only this to say. */
export function Notice({ children }: { children: ComponentChildren }) {
  return (
    <main class={styles.notice}>
      <div role="status">{children}</div>
    </main>
  );
}
