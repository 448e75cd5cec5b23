import type { ListedOut } from "../../api/schema";
import { PhoneNumber } from "../../frame/PhoneNumber";
import { followLink } from "../../frame/place";
import sheet from "../../frame/Sheet.module.css";
import { TableHead } from "../../frame/TableHead";
import { useSpeaker } from "../../texts/language";
import { duration, moment } from "../../time/format";
import styles from "./Calls.module.css";
import { agentCalled, type Known, placeOf } from "./known";
import { became, waitOf } from "./outcomes";
import { addressOfCall } from "./search";
import { COLUMNS, codeOf } from "./table";
import { TEXTS } from "./texts";

/** Calls, one a row; the time leads to its story. */
export function CallsTable({ calls, known }: { calls: readonly ListedOut[]; known: Known }) {
  const speaker = useSpeaker();
  const { say, language } = speaker;
  return (
    <div class={sheet.room}>
      <table class={`${sheet.table} ${styles.calls}`}>
        <TableHead columns={COLUMNS} />
        <tbody>
          {calls.map((call) => {
            const wait = waitOf(call);
            return (
              <tr key={call.id} class={styles.row} data-call={call.id}>
                <th scope="row" class={styles.when}>
                  <a href={addressOfCall(call.id)} onClick={followLink}>
                    {moment(call.started)}
                  </a>
                </th>
                <td class={styles.number}>
                  {call.caller === "" ? (
                    <span class={sheet.quiet}>{say(TEXTS.hidden)}</span>
                  ) : (
                    <PhoneNumber of={call.caller} />
                  )}
                  {call.test && <span class={sheet.quiet}> {say(TEXTS.test)}</span>}
                </td>
                <td>{placeOf(known, call, language)}</td>
                <td>{call.agent !== null && agentCalled(known, call.agent)}</td>
                <td>{wait !== null && duration(wait)}</td>
                <td>{say(became(call))}</td>
                <td>{codeOf(call, speaker)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
