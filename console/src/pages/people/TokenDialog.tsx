import { useRef, useState } from "preact/hooks";
import { ask } from "../../api/client";
import type { NamesOut } from "../../api/schema";
import { Dialog } from "../../frame/Dialog";
import fields from "../../frame/Field.module.css";
import { Secret } from "../../frame/Secret";
import { useSpeaker } from "../../texts/language";
import { NameField } from "./fields";
import { RightsFields } from "./RightsFields";
import { asked, NONE } from "./rights";
import { TEXTS } from "./texts";

export type TokenDoing =
  | { kind: "add" }
  | { kind: "revoke"; name: string }
  | { kind: "shown"; name: string; token: string };

export interface TokenDialogProps {
  doing: TokenDoing;
  names: NamesOut | null;
  onNext: (doing: TokenDoing | null) => void;
  onChanged: () => void;
}

const DAY_S = 86_400;
const LASTS = [7, 30, 90, 365, 1_095];

/** The dialog of what is being done to a token. */
export function TokenDialog({ doing, names, onNext, onChanged }: TokenDialogProps) {
  const { say } = useSpeaker();
  switch (doing.kind) {
    case "add":
      return <Add names={names} onNext={onNext} onChanged={onChanged} />;
    case "revoke": {
      const { name } = doing;
      const revoke = async () => {
        await ask("delete", "/api/v1/tokens/{name}", { path: { name } });
        onChanged();
      };
      const title = say(TEXTS.revokeTitle, { name });
      return (
        <Dialog title={title} action={say(TEXTS.revoke)} grave onSubmit={revoke} onDone={() => onNext(null)}>
          <p>{say(TEXTS.revokeWhat)}</p>
        </Dialog>
      );
    }
    case "shown":
      return (
        <Dialog title={doing.name} onDone={() => onNext(null)}>
          <Secret label={say(TEXTS.tokenOf, { name: doing.name })} value={doing.token} />
          <p class={fields.hint}>{say(TEXTS.handToken)}</p>
        </Dialog>
      );
  }
}

function Add({ names, onNext, onChanged }: Omit<TokenDialogProps, "doing">) {
  const { say } = useSpeaker();
  const [name, setName] = useState("");
  const [rights, setRights] = useState(NONE);
  const [days, setDays] = useState(90);
  const next = useRef<TokenDoing | null>(null);
  const add = async () => {
    const made = await ask("post", "/api/v1/tokens", { body: { name, ...asked(rights), expires_s: days * DAY_S } });
    onChanged();
    next.current = { kind: "shown", name, token: made.token };
  };
  const done = () => onNext(next.current);
  return (
    <Dialog title={say(TEXTS.addToken)} action={say(TEXTS.add)} onSubmit={add} onDone={done}>
      <NameField name={name} onName={setName} />
      <label class={fields.field}>
        {say(TEXTS.lasts)}
        <select value={days} onChange={({ currentTarget }) => setDays(Number(currentTarget.value))}>
          {LASTS.map((count) => (
            <option key={count} value={count}>
              {say(TEXTS.days, { count })}
            </option>
          ))}
        </select>
      </label>
      <RightsFields rights={rights} names={names} onRights={setRights} />
    </Dialog>
  );
}
