import type { EntryOut } from "../../api/schema";
import sheet from "../../frame/Sheet.module.css";
import { TableHead } from "../../frame/TableHead";
import { useSpeaker } from "../../texts/language";
import { moment } from "../../time/format";
import styles from "./Audit.module.css";
import { words } from "./kinds";
import { TEXTS } from "./texts";

const COLUMNS = [TEXTS.when, TEXTS.who, TEXTS.what, TEXTS.target, TEXTS.detail, TEXTS.address, TEXTS.done] as const;

export function Entries({ entries }: { entries: readonly EntryOut[] }) {
  const { say } = useSpeaker();
  if (entries.length === 0) return <p class={sheet.nothing}>{say(TEXTS.nothing)}</p>;
  return (
    <div class={sheet.room}>
      <table class={sheet.table}>
        <TableHead columns={COLUMNS} />
        <tbody>
          {entries.map((entry, place) => (
            <tr key={place}>
              <td class={styles.when}>{moment(entry.at)}</td>
              <th scope="row">{entry.actor}</th>
              <What kind={entry.what} />
              <td class={styles.detail}>{entry.target}</td>
              <td class={styles.detail}>{entry.detail}</td>
              <td>{entry.address}</td>
              <Done status={entry.status} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function What({ kind }: { kind: string }) {
  const { say } = useSpeaker();
  return <td title={kind}>{say(words(kind))}</td>;
}

function Done({ status }: { status: number }) {
  const { say } = useSpeaker();
  if (status < 400) return <td>{say(TEXTS.wasDone)}</td>;
  return <td class={sheet.refused}>{say(status < 500 ? TEXTS.refused : TEXTS.failed, { status })}</td>;
}
