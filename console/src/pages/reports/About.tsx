import { useState } from "preact/hooks";
import type { FigureOut } from "../../api/schema";
import { Dialog } from "../../frame/Dialog";
import sheet from "../../frame/Sheet.module.css";
import { useSpeaker } from "../../texts/language";
import styles from "./Reports.module.css";
import { TEXTS } from "./texts";

/** The (i) beside a figure: what it is, how it is reckoned and from which Records, as the service defines it. */
export function About({ of }: { of: FigureOut }) {
  const { say, language } = useSpeaker();
  const [open, setOpen] = useState(false);
  const name = of.name[language];
  const page = `/help/reports${language === "zh" ? ".zh" : ""}.md`;
  return (
    <>
      <button
        type="button"
        class={styles.about}
        data-plain
        aria-label={say(TEXTS.about, { figure: name })}
        onClick={() => setOpen(true)}
      >
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="M8 1a7 7 0 1 0 0 14a7 7 0 1 0 0-14zm0 1.2a5.8 5.8 0 1 1 0 11.6a5.8 5.8 0 1 1 0-11.6zM7.2 4.2h1.6v1.6h-1.6zM7.2 7h1.6v5h-1.6z" />
        </svg>
      </button>
      {open && (
        <Dialog title={name} onDone={() => setOpen(false)}>
          <p>{of.definition[language]}</p>
          <dl class={styles.definition}>
            <dt>{say(TEXTS.formula)}</dt>
            <dd>
              <code>{of.formula}</code>
            </dd>
            <dt>{say(TEXTS.source)}</dt>
            <dd>{of.source}</dd>
          </dl>
          <p class={sheet.quiet}>
            {say(TEXTS.formulaHint)}{" "}
            <a href={page} target="_blank" rel="noreferrer">
              {say(TEXTS.everyFigure)}
            </a>
          </p>
        </Dialog>
      )}
    </>
  );
}
