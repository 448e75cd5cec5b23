import { useId, useState } from "preact/hooks";
import fields from "../../../frame/Field.module.css";
import { useSpeaker } from "../../../texts/language";
import { languageName } from "../../../texts/words";
import styles from "./Forms.module.css";
import { useLanguages } from "./fields";
import { TEXTS } from "./texts";
import { useFormsHere } from "./useForms";
import { freeName } from "./value";

export interface FormProps {
  /** Which one is shown; it may be gone. */
  readonly name: string;
  readonly onName: (name: string) => void;
  readonly onSpot: (spot: { file: string; line: number; column: number }) => void;
}

interface WhichProps {
  readonly label: string;
  /** Value and word of each. */
  readonly choices: readonly (readonly [string, string])[];
  readonly shown: string;
  readonly onShow: (name: string) => void;
  /** The word of the button that makes a new one, which opens it. */
  readonly add: string;
  readonly onAdd: () => void;
}

/** Which queue, menu, … is shown, and a new one. */
export function Which({ label, choices, shown, onShow, add, onAdd }: WhichProps) {
  return (
    <div class={styles.which}>
      {choices.length > 0 && (
        <label class={fields.field}>
          {label}
          <select value={shown} onChange={({ currentTarget }) => onShow(currentTarget.value)}>
            {choices.map(([value, word]) => (
              <option key={value} value={value}>
                {word}
              </option>
            ))}
          </select>
        </label>
      )}
      <button type="button" onClick={onAdd}>
        {add}
      </button>
    </div>
  );
}

interface NewProps {
  readonly title: string;
  /** Names that are taken, and the one where nothing else can be made of what is typed. */
  readonly taken: readonly string[];
  readonly otherwise: string;
  /** It has a short name only. */
  readonly unnamed?: boolean;
  /** One thing more that is asked; `rule`: what the field takes. */
  readonly also?: { readonly label: string; readonly hint: string; readonly first?: string; readonly rule?: string };
  /** Characters of a short name at most. */
  readonly longest?: number;
  /** `texts`: by language. `also`: what was answered. Resolves to whether it was made. */
  readonly onMake: (name: string, texts: Readonly<Record<string, string>>, also: string) => Promise<boolean>;
  readonly onClose: () => void;
}

/** Asks what something new is called; its short name in the file is made of it. */
export function New({ title, taken, otherwise, unnamed, also, longest = 40, onMake, onClose }: NewProps) {
  const { say, language } = useSpeaker();
  const tags = useLanguages();
  const { busy } = useFormsHere();
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>({});
  const [given, setGiven] = useState<string | null>(null);
  const [answer, setAnswer] = useState(also?.first ?? "");
  const rule = useId();
  const latin = texts.en ?? Object.values(texts).find((said) => /[a-z]/i.test(said)) ?? "";
  const name = given ?? freeName(latin, taken, otherwise, longest);
  const make = async (event: SubmitEvent) => {
    event.preventDefault();
    const said = Object.fromEntries(Object.entries(texts).filter(([, words]) => words.trim() !== ""));
    if (await onMake(name, said, answer.trim())) onClose();
  };
  return (
    <form class={styles.new} aria-label={title} onSubmit={(event) => void make(event)}>
      <h3>{title}</h3>
      <div class={styles.beside}>
        {(unnamed ? [] : tags).map((tag, place) => (
          <label key={tag} class={fields.field}>
            {say(TEXTS.nameIn, { language: languageName(tag, language) })}
            <input
              value={texts[tag] ?? ""}
              required
              maxLength={80}
              autofocus={place === 0}
              autocomplete="off"
              onInput={({ currentTarget }) => setTexts({ ...texts, [tag]: currentTarget.value })}
            />
          </label>
        ))}
        <label class={fields.field}>
          {say(TEXTS.shortName)}
          <input
            value={name}
            required
            pattern={`[a-z][a-z0-9\\-]{0,${longest - 1}}`}
            aria-describedby={rule}
            autocomplete="off"
            onInput={({ currentTarget }) => setGiven(currentTarget.value)}
          />
        </label>
        {also !== undefined && (
          <label class={fields.field}>
            {also.label}
            <input
              value={answer}
              required={also.rule !== undefined}
              pattern={also.rule}
              autocomplete="off"
              onInput={({ currentTarget }) => setAnswer(currentTarget.value)}
            />
            <small>{also.hint}</small>
          </label>
        )}
      </div>
      <p class={styles.note} id={rule}>
        {say(taken.includes(name) ? TEXTS.taken : TEXTS.shortNameRule)}
      </p>
      <div class={styles.beside}>
        <button type="submit" data-primary disabled={busy || taken.includes(name)}>
          {say(TEXTS.make)}
        </button>
        <button type="button" onClick={onClose}>
          {say(TEXTS.cancel)}
        </button>
      </div>
    </form>
  );
}
