import { useState } from "preact/hooks";
import type { NamesOut, PersonOut } from "../../api/schema";
import sheet from "../../frame/Sheet.module.css";
import { useStore } from "../../frame/store";
import { TableHead } from "../../frame/TableHead";
import { session } from "../../session/session";
import { useSpeaker } from "../../texts/language";
import { day } from "../../time/format";
import { Limits } from "./Limits";
import { type Doing, PersonDialog } from "./PersonDialog";
import { found } from "./rights";
import { TEXTS } from "./texts";

const COLUMNS = [TEXTS.name, TEXTS.roles, TEXTS.limits, TEXTS.agent, TEXTS.signIn, TEXTS.created] as const;

export interface TableProps {
  people: readonly PersonOut[];
  names: NamesOut | null;
  onChanged: () => void;
}

/** Who may sign in, what each may do, and how that is changed. */
export function PeopleTable({ people, names, onChanged }: TableProps) {
  const { say, language } = useSpeaker();
  const who = useStore(session);
  const own = who.kind === "signed-in" ? who.who.actor : "";
  const [words, setWords] = useState("");
  const [doing, setDoing] = useState<Doing | null>(null);
  const shown = found(people, words);
  return (
    <section aria-labelledby="people">
      <div class={sheet.bar}>
        <h1 id="people">{say(TEXTS.people)}</h1>
        <input
          type="search"
          aria-label={say(TEXTS.find)}
          placeholder={say(TEXTS.find)}
          value={words}
          onInput={({ currentTarget }) => setWords(currentTarget.value)}
        />
        <button type="button" data-primary onClick={() => setDoing({ kind: "add" })}>
          {say(TEXTS.addPerson)}
        </button>
      </div>
      <div class={sheet.room}>
        {shown.length === 0 && <p class={sheet.nothing}>{say(TEXTS.nobody)}</p>}
        <table class={sheet.table} hidden={shown.length === 0}>
          <TableHead columns={COLUMNS} doings={TEXTS.doings} />
          <tbody>
            {shown.map((person) => (
              <tr key={person.name} data-person={person.name}>
                <th scope="row">
                  {person.name}
                  {own === `user:${person.name}` && say(TEXTS.you)}
                </th>
                <Limits account={person} names={names} />
                <td>{person.agent}</td>
                <SignIn person={person} />
                <td>{day(person.created, language)}</td>
                <td>
                  <Doings person={person} onDoing={setDoing} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {doing && (
        <PersonDialog
          key={doing.kind}
          doing={doing}
          people={people}
          names={names}
          onNext={setDoing}
          onChanged={onChanged}
        />
      )}
    </section>
  );
}

function SignIn({ person }: { person: PersonOut }) {
  const { say } = useSpeaker();
  const { sessions } = person;
  const said = [
    person.openid && say(TEXTS.openId),
    person.second_factor && say(TEXTS.factor),
    sessions > 0 && (sessions === 1 ? say(TEXTS.signedInOnce) : say(TEXTS.signedIn, { count: sessions })),
  ];
  return <td>{said.filter(Boolean).join(" · ")}</td>;
}

function Doings({ person, onDoing }: { person: PersonOut; onDoing: (doing: Doing) => void }) {
  const { say } = useSpeaker();
  const doings = [
    ["change", TEXTS.change, true],
    ["password", TEXTS.newPassword, !person.openid],
    ["forget", TEXTS.forget, person.second_factor],
    ["remove", TEXTS.remove, true],
  ] as const;
  return (
    <div class={sheet.doings}>
      {doings
        .filter(([, , possible]) => possible)
        .map(([kind, word]) => (
          <button
            key={kind}
            type="button"
            data-plain
            aria-describedby={`of-${person.name}`}
            onClick={() => onDoing({ kind, person })}
          >
            {say(word)}
          </button>
        ))}
      <span id={`of-${person.name}`} hidden>
        {person.name}
      </span>
    </div>
  );
}
