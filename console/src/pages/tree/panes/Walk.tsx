import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { ask } from "../../../api/client";
import type { WalkOut } from "../../../api/schema";
import { failure } from "../../../frame/failure";
import sheet from "../../../frame/Sheet.module.css";
import { useSpeaker } from "../../../texts/language";
import type { PaneProps } from "../model";
import { CallerFields } from "./CallerFields";
import { Keypad } from "./Keypad";
import styles from "./Panes.module.css";
import { play, type Sound, stop } from "./sounds";
import { WALK } from "./texts";
import { Way } from "./Way";
import { type Caller, NOBODY, request, taken, unheard } from "./walk";

/** Walk the draft in the browser, by the keys of a telephone. */
export function Walk({ files, onPlace }: PaneProps) {
  const speaker = useSpeaker();
  const { language, say } = speaker;
  const [caller, setCaller] = useState<Caller>(NOBODY);
  const [hear, setHear] = useState(true);
  const [keys, setKeys] = useState<readonly string[]>([]);
  const [walk, setWalk] = useState<WalkOut | null>(null);
  const [wrong, setWrong] = useState("");
  const [busy, setBusy] = useState(false);
  const report = useRef(onPlace);
  report.current = onPlace;

  useEffect(() => {
    report.current(walk?.steps.at(-1)?.place ?? null);
  }, [walk]);
  useEffect(
    () => () => {
      stop();
      report.current(null);
    },
    [],
  );

  const listen = useCallback(
    async (sounds: readonly Sound[]) => {
      try {
        if (!(await play(sounds, language))) setWrong(say(WALK.mute));
      } catch (error) {
        setWrong(failure(error, speaker));
      }
    },
    [language, say, speaker],
  );
  const go = async (given: readonly string[], heard: number) => {
    stop();
    setBusy(true);
    setWrong("");
    try {
      const found = await ask("post", "/api/v1/drafts/walk", { body: request(files, caller, given), language });
      setWalk(found);
      setKeys(taken(given, found));
      if (hear) void listen(unheard(found.steps, heard));
    } catch (error) {
      setWrong(failure(error, speaker));
    } finally {
      setBusy(false);
    }
  };
  const latest = useRef(go);
  latest.current = go;
  const press = useCallback(
    (key: string) => void latest.current([...keys, key], walk?.steps.length ?? 0),
    [keys, walk],
  );

  return (
    <div class={styles.pane}>
      <p class={sheet.quiet}>{say(WALK.intro)}</p>
      <form
        class={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void go([], 0);
        }}
      >
        <CallerFields caller={caller} walk={walk} onChange={setCaller} />
        <label class={styles.check}>
          <input type="checkbox" checked={hear} onChange={({ currentTarget }) => setHear(currentTarget.checked)} />
          {say(WALK.hear)}
        </label>
        <button type="submit" data-primary disabled={busy}>
          {say(walk ? WALK.anew : WALK.call)}
        </button>
        {keys.length > 0 && (
          <button type="button" disabled={busy} onClick={() => void go(keys.slice(0, -1), walk?.steps.length ?? 0)}>
            {say(WALK.back)}
          </button>
        )}
      </form>
      <p class={sheet.refused} role="alert">
        {wrong}
      </p>
      {walk && (
        <div class={styles.walk}>
          <Way walk={walk} onListen={listen} />
          <Keypad keys={walk.keys} asks={walk.asks} disabled={busy} onPress={press} />
        </div>
      )}
    </div>
  );
}
