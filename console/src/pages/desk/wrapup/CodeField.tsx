import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { CodeOut, WrapUpOut } from "../../../api/schema";
import { failure } from "../../../frame/failure";
import { Key } from "../../../frame/Key";
import { useKeys } from "../../../frame/keys";
import type { Agent } from "../../../live/board";
import { useSpeaker } from "../../../texts/language";
import { matching, moved, shown, under } from "./codes";
import { TEXTS } from "./texts";
import styles from "./WrapUp.module.css";

const MOVES = new Set(["ArrowDown", "ArrowUp", "Home", "End"]);

/** The wrap-up code: letters find it, a digit or Enter chooses it. */
export function CodeField({
  wrapUp,
  me,
  give,
}: {
  wrapUp: WrapUpOut;
  me: Agent;
  give: (code: string) => Promise<void>;
}) {
  const speaker = useSpeaker();
  const { say, language } = speaker;
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const [failed, setFailed] = useState<string | null>(null);
  const found = matching(wrapUp.codes, typed);
  const chosen = wrapUp.codes.find(({ code }) => code === wrapUp.code);

  useKeys({ w: () => list.current?.focus() });
  useEffect(() => list.current?.children[at]?.scrollIntoView({ block: "nearest" }), [at]);
  const choose = (code: CodeOut | undefined) => {
    if (code === undefined) return;
    list.current?.focus(); // letters count again
    give(code.code).then(
      () => setFailed(null),
      (error: unknown) => setFailed(failure(error, speaker)),
    );
  };
  const pressed = (event: KeyboardEvent, digits: boolean) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const hot = digits ? under(event.key, found) : undefined;
    if (hot !== undefined) choose(hot);
    else if (event.key === "Enter" || (digits && event.key === " ")) choose(found[at]);
    else if (MOVES.has(event.key)) setAt(moved(at, event.key, found.length));
    else if (event.key === "Escape" && !digits) list.current?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const active = found.length > 0 ? `${id}-${at}` : undefined;
  return (
    <div class={styles.field}>
      <label for={`${id}-search`}>
        {say(TEXTS.code)} <Key name="W" />
      </label>
      {(wrapUp.required || me.code_missing) && chosen === undefined && <p class={styles.needed}>{say(TEXTS.needed)}</p>}
      {chosen !== undefined && <output>{say(TEXTS.chosen, { name: shown(chosen, language) })}</output>}
      <input
        id={`${id}-search`}
        type="search"
        list={undefined}
        // biome-ignore lint/a11y/noRedundantRoles: its list is the one below, not the browser's
        role="combobox"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={active}
        autocomplete="off"
        placeholder={say(TEXTS.search)}
        value={typed}
        onInput={({ currentTarget: { value } }) => {
          setTyped(value);
          setAt(0);
        }}
        onKeyDown={(event) => pressed(event, false)}
      />
      <div
        id={`${id}-list`}
        ref={list}
        class={styles.codes}
        role="listbox"
        tabIndex={0}
        aria-label={say(TEXTS.code)}
        aria-activedescendant={active}
        onKeyDown={(event) => pressed(event, true)}
      >
        {found.map((code, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the list takes the keys
          // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus, and says which one is active
          <div
            key={code.code}
            id={`${id}-${index}`}
            role="option"
            aria-selected={code.code === wrapUp.code}
            data-active={index === at}
            onClick={() => choose(code)}
          >
            {index < 9 && <kbd>{index + 1}</kbd>} {shown(code, language)}
          </div>
        ))}
      </div>
      {found.length === 0 && <p class={styles.quiet}>{say(TEXTS.noMatch)}</p>}
      {failed !== null && <p role="alert">{failed}</p>}
    </div>
  );
}
