import { useState } from "preact/hooks";
import type { NamesOut, TokenOut } from "../../api/schema";
import sheet from "../../frame/Sheet.module.css";
import { TableHead } from "../../frame/TableHead";
import { useSpeaker } from "../../texts/language";
import { now } from "../../time/clock";
import { day } from "../../time/format";
import { Limits } from "./Limits";
import { TokenDialog, type TokenDoing } from "./TokenDialog";
import { TEXTS } from "./texts";

const COLUMNS = [TEXTS.tokenName, TEXTS.roles, TEXTS.limits, TEXTS.expires, TEXTS.used] as const;

export interface TokensProps {
  tokens: readonly TokenOut[];
  names: NamesOut | null;
  onChanged: () => void;
}

/** Programs that may ask, until when, and how that ends. */
export function TokensTable({ tokens, names, onChanged }: TokensProps) {
  const { say, language } = useSpeaker();
  const [doing, setDoing] = useState<TokenDoing | null>(null);
  return (
    <section aria-labelledby="tokens">
      <div class={sheet.bar}>
        <h2 id="tokens">{say(TEXTS.tokens)}</h2>
        <span class={sheet.quiet}>{say(TEXTS.tokensWhat)}</span>
        <button type="button" onClick={() => setDoing({ kind: "add" })}>
          {say(TEXTS.addToken)}
        </button>
      </div>
      <div class={sheet.room}>
        {tokens.length === 0 && <p class={sheet.nothing}>{say(TEXTS.noTokens)}</p>}
        <table class={sheet.table} hidden={tokens.length === 0}>
          <TableHead columns={COLUMNS} doings={TEXTS.doings} />
          <tbody>
            {tokens.map((token) => (
              <tr key={token.name} data-token={token.name}>
                <th scope="row">{token.name}</th>
                <Limits account={token} names={names} />
                <td class={Date.parse(token.expires) <= now() ? sheet.refused : undefined}>
                  {day(token.expires, language)} {Date.parse(token.expires) <= now() && say(TEXTS.expired)}
                </td>
                <td>{token.used === null ? say(TEXTS.never) : day(token.used, language)}</td>
                <td>
                  <div class={sheet.doings}>
                    <button type="button" data-plain onClick={() => setDoing({ kind: "revoke", name: token.name })}>
                      {say(TEXTS.revoke)} <span class="spoken">{token.name}</span>
                    </button>
                  </div>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {doing && <TokenDialog key={doing.kind} doing={doing} names={names} onNext={setDoing} onChanged={onChanged} />}
    </section>
  );
}
