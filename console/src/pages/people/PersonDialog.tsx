import { useRef, useState } from "preact/hooks";
import { ask } from "../../api/client";
import type { NamesOut, PersonOut } from "../../api/schema";
import { Dialog } from "../../frame/Dialog";
import fields from "../../frame/Field.module.css";
import { Secret } from "../../frame/Secret";
import sheet from "../../frame/Sheet.module.css";
import { useStore } from "../../frame/store";
import { look, session } from "../../session/session";
import { useSpeaker } from "../../texts/language";
import type { Text } from "../../texts/texts";
import { NameField, PasswordField } from "./fields";
import { RightsFields } from "./RightsFields";
import { asked, isLast, NONE, rightsOf } from "./rights";
import { TEXTS } from "./texts";

/** What is being done to whom. */
export type Doing =
  | { kind: "add" }
  | { kind: "change" | "password" | "forget" | "remove"; person: PersonOut }
  /** A generated password is shown. */
  | { kind: "shown"; name: string; password: string };

export interface PersonDialogProps {
  doing: Doing;
  people: readonly PersonOut[];
  names: NamesOut | null;
  /** What comes after this dialog; null: nothing. */
  onNext: (doing: Doing | null) => void;
  onChanged: () => void;
}

/** The dialog of what is being done. */
export function PersonDialog({ doing, people, names, onNext, onChanged }: PersonDialogProps) {
  switch (doing.kind) {
    case "add":
      return <Add names={names} onNext={onNext} onChanged={onChanged} />;
    case "change":
      return <Change person={doing.person} names={names} onNext={onNext} onChanged={onChanged} />;
    case "password":
      return <NewPassword person={doing.person} onNext={onNext} onChanged={onChanged} />;
    case "forget":
    case "remove":
      return <End kind={doing.kind} person={doing.person} people={people} onNext={onNext} onChanged={onChanged} />;
    case "shown":
      return <Generated name={doing.name} password={doing.password} onNext={onNext} />;
  }
}

type Part = Pick<PersonDialogProps, "onNext" | "onChanged">;

function Add({ names, onNext, onChanged }: Part & { names: NamesOut | null }) {
  const { say } = useSpeaker();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [rights, setRights] = useState(NONE);
  const next = useRef<Doing | null>(null);
  const add = async () => {
    const body = { name, ...asked(rights), password: password || null };
    const made = await ask("post", "/api/v1/users", { body });
    onChanged();
    next.current = made.password === null ? null : { kind: "shown", name, password: made.password };
  };
  return (
    <Dialog title={say(TEXTS.addPerson)} action={say(TEXTS.add)} onSubmit={add} onDone={() => onNext(next.current)}>
      <NameField name={name} onName={setName} />
      <PasswordField password={password} onPassword={setPassword} />
      <RightsFields rights={rights} names={names} onRights={setRights} />
    </Dialog>
  );
}

function Change({ person, names, onNext, onChanged }: Part & { person: PersonOut; names: NamesOut | null }) {
  const { say } = useSpeaker();
  const [rights, setRights] = useState(() => rightsOf(person));
  const own = useOwn(person);
  const change = async () => {
    await ask("put", "/api/v1/users/{name}", { path: { name: person.name }, body: asked(rights) });
    onChanged();
    if (own) void look(); // the pages may be others from now on
  };
  const title = say(TEXTS.changeTitle, { name: person.name });
  return (
    <Dialog title={title} action={say(TEXTS.save)} onSubmit={change} onDone={() => onNext(null)}>
      <RightsFields rights={rights} names={names} onRights={setRights} />
    </Dialog>
  );
}

function NewPassword({ person: { name }, onNext, onChanged }: Part & { person: PersonOut }) {
  const { say } = useSpeaker();
  const [password, setPassword] = useState("");
  const next = useRef<Doing | null>(null);
  const change = async () => {
    const body = { password: password || null };
    const made = await ask("put", "/api/v1/users/{name}/password", { path: { name }, body });
    onChanged();
    next.current = made.password === null ? null : { kind: "shown", name, password: made.password };
  };
  const title = say(TEXTS.newPasswordTitle, { name });
  return (
    <Dialog title={title} action={say(TEXTS.save)} onSubmit={change} onDone={() => onNext(next.current)}>
      <p>{say(TEXTS.newPasswordWhat, { name })}</p>
      <PasswordField password={password} onPassword={setPassword} />
    </Dialog>
  );
}

type Ending = Part & { kind: "forget" | "remove"; person: PersonOut; people: readonly PersonOut[] };

/** What cannot be taken back: the person goes, or the second factor. */
function End({ kind, person, people, onNext, onChanged }: Ending) {
  const { say } = useSpeaker();
  const { name } = person;
  const own = useOwn(person);
  const end = async () => {
    if (kind === "remove") await ask("delete", "/api/v1/users/{name}", { path: { name } });
    else await ask("delete", "/api/v1/users/{name}/second-factor", { path: { name } });
    onChanged();
  };
  const [title, what, word] = ENDINGS[kind];
  return (
    <Dialog title={say(title, { name })} action={say(word)} grave onSubmit={end} onDone={() => onNext(null)}>
      <p>{say(what, { name })}</p>
      {kind === "remove" && own && <p class={sheet.refused}>{say(TEXTS.removeSelf)}</p>}
      {kind === "remove" && isLast(people, name) && <p class={sheet.refused}>{say(TEXTS.lastAdministrator)}</p>}
    </Dialog>
  );
}

const ENDINGS: Readonly<Record<"forget" | "remove", readonly [Text, Text, Text]>> = {
  forget: [TEXTS.forgetTitle, TEXTS.forgetWhat, TEXTS.forget],
  remove: [TEXTS.removeTitle, TEXTS.removeWhat, TEXTS.remove],
};

function Generated({ name, password, onNext }: { name: string; password: string } & Pick<Part, "onNext">) {
  const { say } = useSpeaker();
  return (
    <Dialog title={name} onDone={() => onNext(null)}>
      <Secret label={say(TEXTS.passwordOf, { name })} value={password} />
      <p class={fields.hint}>{say(TEXTS.hand)}</p>
    </Dialog>
  );
}

function useOwn(person: PersonOut): boolean {
  const now = useStore(session);
  return now.kind === "signed-in" && now.who.actor === `user:${person.name}`;
}
