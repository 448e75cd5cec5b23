import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import fields from "../../../frame/Field.module.css";
import { useSpeaker } from "../../../texts/language";
import { languageName } from "../../../texts/words";
import type { FileName } from "../model";
import styles from "./Forms.module.css";
import { Typed } from "./Typed";
import { useFormsHere } from "./useForms";
import { at, items, type Path, spoken, text, within } from "./value";

export interface Place {
  readonly file: FileName;
  readonly path: Path;
}

/** What `check` says of a value and of all that belongs to it. */
export function useWrong({ file, path }: Place) {
  return useFormsHere().problems.filter((problem) => problem.file === file && within(problem.path, path));
}

/** The sentences of a field, below it. `itself`: only those of the value itself, where its parts have fields of their own. */
export function Wrong({ id, place, itself = false }: { id?: string; place: Place; itself?: boolean }) {
  const apart = useSpeaker().language === "zh" ? "；" : "; ";
  const wrong = useWrong(place).filter(({ path }) => !itself || path.length === place.path.length);
  return (
    <span id={id} class={styles.wrong} role={wrong.length > 0 ? "alert" : undefined}>
      {wrong.map(({ level, message, hint }, index) => (
        <span key={index} data-level={level}>
          {message}
          {hint && `${apart}${hint}`}
        </span>
      ))}
    </span>
  );
}

interface FieldProps extends Place {
  readonly label: string;
  readonly hint?: string;
  readonly placeholder?: string;
}

/** One value. Left empty, the key is taken out of the file. `number`: digits are no text in the file. */
export function TextField({ file, path, number = false, ...rest }: FieldProps & { readonly number?: boolean }) {
  const { values, apply } = useFormsHere();
  const id = useId();
  const wrong = useWrong({ file, path });
  const write = (typed: string) => {
    const value = number && /^\d{1,9}$/.test(typed) ? Number(typed) : typed;
    void apply(typed === "" ? { do: "remove", file, path } : { do: "set", file, path, value });
  };
  return (
    <div>
      <Typed
        {...rest}
        value={text(at(values[file], ...path))}
        wrong={wrong.some(({ level }) => level === "error")}
        describedBy={id}
        onDone={write}
      />
      <Wrong id={id} place={{ file, path }} />
    </div>
  );
}

/** A text in each language of the hotline. */
export function TextsField({ file, path, label, hint, long = false }: FieldProps & { readonly long?: boolean }) {
  const { values, apply } = useFormsHere();
  const { language } = useSpeaker();
  const id = useId();
  const whole = at(values[file], ...path);
  const wrong = useWrong({ file, path });
  const tags = useLanguages();
  const write = (tag: string, typed: string) => {
    const others = tags.filter((each) => each !== tag).map((each) => [each, spoken(whole, each)] as const);
    const all = Object.fromEntries([...others, [tag, typed] as const].filter(([, said]) => said !== ""));
    const simple = typeof whole === "string" || whole === null || at(whole, "*") !== null;
    if (Object.keys(all).length === 0) void apply({ do: "remove", file, path });
    else if (simple) void apply({ do: "set", file, path, value: all });
    else if (typed === "") void apply({ do: "remove", file, path: [...path, tag] });
    else void apply({ do: "set", file, path: [...path, tag], value: typed });
  };
  return (
    <fieldset class={styles.texts} data-long={long}>
      <legend>{label}</legend>
      {tags.map((tag) => (
        <Typed
          key={tag}
          label={languageName(tag, language)}
          value={spoken(whole, tag)}
          wrong={wrong.some(
            ({ level, path: of }) => level === "error" && (of.at(-1) === tag || of.length === path.length),
          )}
          describedBy={id}
          long={long}
          onDone={(typed) => write(tag, typed)}
        />
      ))}
      {hint !== undefined && <small>{hint}</small>}
      <Wrong id={id} place={{ file, path }} />
    </fieldset>
  );
}

/** The tags of the hotline's languages. */
export function useLanguages(): readonly string[] {
  const { values } = useFormsHere();
  const hotline = values["hotline.yaml"];
  const given = items(at(hotline, "languages")).map(text);
  if (given.length > 0) return given;
  const name = at(hotline, "name");
  const named = name !== null && typeof name === "object" ? Object.keys(name) : [];
  return named.length > 0 ? named : ["zh"];
}

interface ChoiceProps extends Place {
  readonly label: string;
  /** Value and word of each. */
  readonly choices: readonly (readonly [string, string])[];
  /** The word where the file has nothing. */
  readonly none: string;
  readonly hint?: string;
  readonly onChoose?: (value: string) => void;
}

export function ChoiceField({ file, path, label, choices, none, hint, onChoose }: ChoiceProps) {
  const { values, apply } = useFormsHere();
  const id = useId();
  const value = text(at(values[file], ...path));
  const choose = (chosen: string) =>
    void apply(chosen === "" ? { do: "remove", file, path } : { do: "set", file, path, value: chosen });
  return (
    <div>
      <div class={fields.field}>
        <label for={`${id}-choice`}>{label}</label>
        <select
          id={`${id}-choice`}
          value={value}
          aria-describedby={id}
          onChange={({ currentTarget }) => (onChoose ?? choose)(currentTarget.value)}
        >
          <option value="">{none}</option>
          {value !== "" && !choices.some(([each]) => each === value) && <option value={value}>{value}</option>}
          {choices.map(([each, word]) => (
            <option key={each} value={each}>
              {word}
            </option>
          ))}
        </select>
        {hint !== undefined && <small>{hint}</small>}
      </div>
      <Wrong id={id} place={{ file, path }} />
    </div>
  );
}

/** What is so or not. Not so, the key is taken out of the file. */
export function CheckField({ file, path, label, hint }: FieldProps) {
  const { values, apply } = useFormsHere();
  const id = useId();
  const write = (yes: boolean) =>
    void apply(yes ? { do: "set", file, path, value: true } : { do: "remove", file, path });
  return (
    <div>
      <label class={styles.check}>
        <input
          type="checkbox"
          checked={at(values[file], ...path) === true}
          aria-describedby={id}
          onChange={({ currentTarget }) => write(currentTarget.checked)}
        />
        {label}
      </label>
      {hint !== undefined && <small>{hint}</small>}
      <Wrong id={id} place={{ file, path }} />
    </div>
  );
}

/** Fields beside each other, with a heading. */
export function Group({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class={styles.group}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}
