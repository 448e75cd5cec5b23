import { useState } from "preact/hooks";
import { address, Refused } from "../../../api/client";
import type { EmergencyNow, NamesOut } from "../../../api/schema";
import { ASKS_ON, Dialog } from "../../../frame/Dialog";
import fields from "../../../frame/Field.module.css";
import { useNames } from "../../../frame/names";
import { useSpeaker } from "../../../texts/language";
import { languageName } from "../../../texts/words";
import { Studio } from "../../prompts/recording/Studio";
import type { Take } from "../../prompts/recording/take";
import styles from "./Emergency.module.css";
import { BEFORE, type Filled, type Heard, hear, says, spoken, switchOn } from "./message";
import { Places } from "./Places";
import { TEXTS } from "./texts";
import { UntilField } from "./UntilField";

interface MessageProps {
  now: EmergencyNow;
  /** For callers of one place, which is asked for. */
  place: boolean;
  /** It is on; with what callers may not understand. */
  onOn: (warnings: readonly string[]) => void;
  onDone: () => void;
}

/** Asks for a message in the hotline's languages, where callers hear it, and its end. */
export function MessageDialog({ now, place, onOn, onDone }: MessageProps) {
  const { say, language: speaks } = useSpeaker();
  const names = useNames();
  const [filled, setFilled] = useState<Filled>({
    where: "",
    texts: {},
    takes: {},
    after: BEFORE,
    until: `${now.hours}h`,
  });
  const [studio, setStudio] = useState<string | null>(null);
  const [heard, setHeard] = useState<Heard | null>(null); // null: not these words
  const first = now.draft_voice && spoken(filled).length > 0 && heard === null;
  const submit = async () => {
    if (first) {
      setHeard(await hear(filled));
      return ASKS_ON;
    }
    try {
      onOn(await switchOn(filled, heard?.draft));
      return null;
    } catch (error) {
      if (!(error instanceof Refused) || error.draft === null) throw error;
      setHeard({ takes: error.draft, draft: true });
      return ASKS_ON;
    }
  };
  const put = (language: string, take: Take | null) => {
    setHeard(null);
    setFilled(({ takes: { [language]: _, ...others }, ...rest }) => ({
      ...rest,
      takes: take === null ? others : { ...others, [language]: take },
    }));
  };
  return (
    <Dialog
      title={say(TEXTS.onTitle)}
      action={say(first ? TEXTS.draftFirst : heard?.draft ? TEXTS.draftOn : TEXTS.on)}
      grave
      hindrance={says(filled) && (filled.where !== "" || !place) ? null : ""}
      onSubmit={submit}
      onDone={onDone}
    >
      {place && (
        <label class={fields.field}>
          {say(TEXTS.place)}
          <select
            value={filled.where}
            onChange={({ currentTarget: { value: where } }) => setFilled((before) => ({ ...before, where }))}
          >
            <option value="" disabled />
            <Places names={names} menus />
          </select>
        </label>
      )}
      {now.languages.map((language) => (
        <div key={language} class={styles.language}>
          <label class={fields.field}>
            {languageName(language, speaks)}
            <textarea
              lang={language}
              rows={3}
              maxlength={2_000}
              value={filled.texts[language] ?? ""}
              onInput={({ currentTarget: { value } }) => {
                setHeard(null);
                setFilled((before) => ({ ...before, texts: { ...before.texts, [language]: value } }));
              }}
            />
            <small>{say(filled.takes[language] === undefined ? TEXTS.textHint : TEXTS.takeHint)}</small>
          </label>
          {studio === language ? (
            <Studio onTake={(take) => put(language, take)} />
          ) : (
            <button type="button" onClick={() => setStudio(language)}>
              {say(TEXTS.record)}
            </button>
          )}
        </div>
      ))}
      <ThenField
        names={names}
        place={place}
        after={filled.after}
        onThen={(after) => setFilled((before) => ({ ...before, after }))}
      />
      <UntilField now={now} until={filled.until} onUntil={(until) => setFilled((before) => ({ ...before, until }))} />
      <p class={fields.hint}>{say(place ? TEXTS.placeWhat : TEXTS.onWhat)}</p>
      {first && <p class={styles.missing}>{say(TEXTS.draftNotice)}</p>}
      {heard !== null && (
        <div role="status" class={styles.message} ref={(shown) => shown?.scrollIntoView({ block: "nearest" })}>
          <p>{say(heard.draft ? TEXTS.draftHeard : TEXTS.heard)}</p>
          {Object.entries(heard.takes).map(([language, take]) => (
            // biome-ignore lint/a11y/useMediaCaption: its words stand above it
            <audio
              key={take}
              controls
              preload="none"
              src={address("/api/v1/emergency/takes/{take}", { take })}
              aria-label={say(heard.draft ? TEXTS.draftListen : TEXTS.heardListen, {
                language: languageName(language, speaks),
              })}
            />
          ))}
        </div>
      )}
    </Dialog>
  );
}

interface ThenProps {
  names: NamesOut | null;
  /** Whether the message is of one place. */
  place: boolean;
  after: string;
  onThen: (after: string) => void;
}

/** Before the menus or the place, or what comes after a message instead of them. */
function ThenField({ names, place, after, onThen }: ThenProps) {
  const { say } = useSpeaker();
  const [before, instead] = place ? [TEXTS.beforePlace, TEXTS.insteadPlace] : [TEXTS.before, TEXTS.instead];
  return (
    <label class={fields.field}>
      {say(TEXTS.where)}
      <select value={after} onChange={({ currentTarget }) => onThen(currentTarget.value)}>
        <option value={BEFORE}>{say(before)}</option>
        <option value="person">{say(instead, { after: say(TEXTS.afterPerson) })}</option>
        <option value="goodbye">{say(instead, { after: say(TEXTS.afterGoodbye) })}</option>
        <Places names={names} text={instead} />
      </select>
    </label>
  );
}
