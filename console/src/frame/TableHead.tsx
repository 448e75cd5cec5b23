import { useSpeaker } from "../texts/language";
import type { Text } from "../texts/texts";

export interface HeadProps {
  columns: readonly Text[];
  /** Of a last column with buttons: who hears the page hears what it is. */
  doings?: Text;
}

/** The head of a table. */
export function TableHead({ columns, doings }: HeadProps) {
  const { say } = useSpeaker();
  return (
    <thead>
      <tr>
        {columns.map((column, place) => (
          <th key={place} scope="col">
            {say(column)}
          </th>
        ))}
        {doings && (
          <th scope="col">
            <span class="spoken">{say(doings)}</span>
          </th>
        )}
      </tr>
    </thead>
  );
}
