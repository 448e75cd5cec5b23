/** What is noted of the agent's call: from the talk on, and of the last call until another one comes. */

import { useEffect, useState } from "preact/hooks";
import { ask } from "../../../api/client";
import type { WrapUpOut } from "../../../api/schema";
import { store } from "../../../frame/store";
import type { Agent } from "../../../live/board";
import { beforeSignOut, session } from "../../../session/session";
import { unsaved } from "./drafts";
import { type Saved, saver } from "./saver";

const CALL = "wutong.noted-call";
const PATH = "/api/v1/calls/{call_id}/wrap-up";

/** How far the note of each call has come. */
export const progress = store<ReadonlyMap<string, Saved>>(new Map());

export const notes = saver(
  unsaved,
  (call, note) => ask("put", PATH, { path: { call_id: call }, body: { note } }),
  (call, saved) => progress.set(new Map([...progress.get(), [call, saved]])),
);

/** How many codes this page has given: lists that show codes ask again. */
export const given = store(0);

/** Give a call its wrap-up code. */
export async function give(call: string, code: string): Promise<WrapUpOut> {
  const after = await ask("put", PATH, { path: { call_id: call }, body: { code } });
  given.set(given.get() + 1);
  return after;
}

/** Nothing that was typed stays in this browser: not for who signs in next. */
beforeSignOut.add(async () => {
  await notes.now();
  for (const call of unsaved.calls()) unsaved.drop(call);
  sessionStorage.removeItem(CALL);
});

/** Nor what was typed as a session ended: that waits for who typed it, and is sent in nobody else's name. */
function belong(): void {
  const now = session.get();
  if (now.kind === "signed-in" && unsaved.belongTo(now.who.name)) sessionStorage.removeItem(CALL);
}
session.follow(belong);
belong();

export interface Sheet {
  readonly wrapUp: WrapUpOut;
  give(code: string): Promise<void>;
}

/** null: there is no call to note anything of. */
export function useSheet(me: Agent): Sheet | null {
  const call = useCall(me);
  const [wrapUp, setWrapUp] = useState<WrapUpOut | null>(null);
  const { state, sent } = me;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `state` and `sent` say when there is more to know
  useEffect(() => {
    if (call === null) return;
    const cut = new AbortController();
    // What an earlier page has left is brought first: an answer from before would show the note without it.
    notes
      .now()
      .then(() => ask("get", PATH, { path: { call_id: call } }, cut.signal))
      .then(setWrapUp, () => {
        if (!cut.signal.aborted) setWrapUp(null);
      });
    return () => cut.abort();
  }, [call, state, sent]);
  useEffect(() => () => void notes.now(), []);
  if (wrapUp === null || wrapUp.call_id !== call) return null;
  return {
    wrapUp,
    give: async (code) => setWrapUp(await give(wrapUp.call_id, code)),
  };
}

/** The call that the agent talks in or wraps up, else the last one, also over a reload. A call that rings takes nobody's
 *  note away. */
function useCall({ call_id, state }: Agent): string | null {
  const talked = state === "on-call" || state === "wrap-up" ? call_id : null;
  const [last, setLast] = useState(() => sessionStorage.getItem(CALL));
  useEffect(() => {
    if (talked === null) return;
    sessionStorage.setItem(CALL, talked);
    setLast(talked);
  }, [talked]);
  return talked ?? last;
}
