import type { NamesOut } from "../../api/schema";
import { called } from "../../frame/names";
import { ROLES } from "../../frame/roles";
import sheet from "../../frame/Sheet.module.css";
import { useSpeaker } from "../../texts/language";
import type { Text } from "../../texts/texts";
import { listed } from "../../texts/words";
import { type Account, unlimited } from "./rights";
import { TEXTS } from "./texts";

const WORDS: Readonly<Record<ReturnType<typeof unlimited>, Text>> = {
  everything: TEXTS.everything,
  "own desk": TEXTS.ownDesk,
  nothing: TEXTS.nothingYet,
};

/** Two cells of a table: an account's roles, and to what it is limited. */
export function Limits({ account, names }: { account: Account; names: NamesOut | null }) {
  const { say, language } = useSpeaker();
  const limits = [
    ...account.queues.map((id) => called(names?.queues, id, language)),
    ...account.departments.map((id) => called(names?.departments, id, language)),
  ];
  return (
    <>
      <td>
        {listed(
          account.roles.map((role) => say(ROLES[role])),
          language,
        )}
      </td>
      <td class={limits.length === 0 ? sheet.quiet : undefined}>
        {limits.length === 0 ? say(WORDS[unlimited(account)]) : listed(limits, language)}
      </td>
    </>
  );
}
