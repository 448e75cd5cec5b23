import { useAnswer } from "../../api/answer";
import { ask } from "../../api/client";
import { failure } from "../../frame/failure";
import { Notice } from "../../frame/Notice";
import { useNames } from "../../frame/names";
import sheet from "../../frame/Sheet.module.css";
import { TEXTS as FRAME } from "../../frame/texts";
import { useSpeaker } from "../../texts/language";
import { PeopleTable } from "./PeopleTable";
import { TokensTable } from "./TokensTable";

/** Who may sign in, and which programs have tokens. */
export default function People() {
  const speaker = useSpeaker();
  const people = useAnswer((signal) => ask("get", "/api/v1/users", {}, signal), []);
  const tokens = useAnswer((signal) => ask("get", "/api/v1/tokens", {}, signal), []);
  const names = useNames();
  const error = people.error ?? tokens.error;
  if (people.answer === null || tokens.answer === null) {
    return <Notice>{error === null ? speaker.say(FRAME.loading) : failure(error, speaker)}</Notice>;
  }
  return (
    <main class={sheet.sheet}>
      <p class={sheet.refused} role="alert">
        {error !== null && failure(error, speaker)}
      </p>
      <PeopleTable people={people.answer} names={names} onChanged={people.again} />
      <TokensTable tokens={tokens.answer} names={names} onChanged={tokens.again} />
    </main>
  );
}
