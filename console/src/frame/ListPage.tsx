/** A page of one list that changes by itself: its head, what went wrong, that nothing is there, its table. */

import type { ComponentChildren } from "preact";
import { has, session } from "../session/session";
import { useSpeaker } from "../texts/language";
import type { Text } from "../texts/texts";
import { failure } from "./failure";
import sheet from "./Sheet.module.css";
import { useStore } from "./store";
import { TableHead } from "./TableHead";
import { TEXTS } from "./texts";

interface ListProps<Row> {
  title: Text;
  intro: Text;
  /** At the right of the title, such as a filter. */
  beside?: ComponentChildren;
  /** Null: the service has not answered yet. */
  rows: readonly Row[] | null;
  /** What went wrong last; null: nothing. */
  failed: unknown;
  /** What stands there if the list is empty. */
  nothing: Text;
  columns: readonly Text[];
  /** A class of the table's body. */
  style?: string | undefined;
  /** A row: its `tr`, with a last cell for what can be done. */
  row: (one: Row) => ComponentChildren;
  /** What stands below the table, if there are rows; "": nothing. */
  more: string;
  /** The dialogs that are open. */
  children: ComponentChildren;
}

export function ListPage<Row>(props: ListProps<Row>) {
  const { title, intro, beside, rows, failed, nothing, columns, style, row, more, children } = props;
  const speaker = useSpeaker();
  const { say } = speaker;
  return (
    <main class={sheet.sheet}>
      <div>
        <div class={sheet.bar}>
          <h1>{say(title)}</h1>
          {beside}
        </div>
        <p class={sheet.quiet}>{say(intro)}</p>
      </div>
      <p class={sheet.refused} role="alert">
        {failed !== null && failure(failed, speaker)}
      </p>
      {rows === null && failed === null && <p class={sheet.quiet}>{say(TEXTS.loading)}</p>}
      {rows?.length === 0 && <p class={sheet.nothing}>{say(nothing)}</p>}
      {rows !== null && rows.length > 0 && (
        <>
          <div class={sheet.room}>
            <table class={sheet.table}>
              <TableHead columns={columns} doings={TEXTS.doings} />
              <tbody class={style}>{rows.map(row)}</tbody>
            </table>
          </div>
          {more !== "" && <p class={sheet.quiet}>{more}</p>}
        </>
      )}
      {children}
    </main>
  );
}

/** To the story of a call, for those who may read stories. */
export function StoryLink({ call }: { call: string }) {
  const { say } = useSpeaker();
  const who = useStore(session);
  const reads = who.kind === "signed-in" && has(who.who, "supervisor", "administrator", "department");
  return reads ? <a href={`/calls?call=${call}`}>{say(TEXTS.story)}</a> : null;
}
