import { grouped } from "./grouped";
import styles from "./PhoneNumber.module.css";

/** A telephone number in groups. There are gaps between them and no blanks: whoever copies it gets digits. */
export function PhoneNumber({ of }: { of: string }) {
  return (
    <>
      {grouped(of).map((group, at) => (
        <span key={at} class={styles.group}>
          {group}
        </span>
      ))}
    </>
  );
}
