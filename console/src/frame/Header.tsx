import { useEffect, useState } from "preact/hooks";
import type { SessionOut } from "../api/schema";
import { signOut } from "../session/session";
import { useSpeaker } from "../texts/language";
import styles from "./Header.module.css";
import { HelpLink } from "./HelpLink";
import { followLink, place } from "./place";
import { type Page, pagesOf } from "./register";
import { Switches } from "./Switches";
import { TEXTS } from "./texts";

/** The bar above every page: the pages, the person, language and appearance. In a narrow window they are behind a button. */
export function Header({ who, shown }: { who: SessionOut; shown: Page | null }) {
  const { say } = useSpeaker();
  const [open, setOpen] = useState(false);
  useEffect(() => place.follow(() => setOpen(false)), []);
  useEffect(() => {
    if (!open) return;
    const pressed = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      event.preventDefault(); // it closes what was opened last, and means nothing else
      setOpen(false);
    };
    addEventListener("keydown", pressed, { capture: true });
    return () => removeEventListener("keydown", pressed, { capture: true });
  }, [open]);
  return (
    <header class={styles.header} data-open={open}>
      <span class={styles.name}>{say(TEXTS.wutong)}</span>
      <span class={styles.here}>{shown && say(shown.title)}</span>
      <button type="button" class={styles.menu} data-plain aria-expanded={open} onClick={() => setOpen(!open)}>
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="M2 4h12M2 8h12M2 12h12" stroke="currentColor" stroke-width="1.5" />
        </svg>
        {say(TEXTS.pages)}
      </button>
      <nav aria-label={say(TEXTS.pages)}>
        {pagesOf(who)
          .filter((page) => !page.aside)
          .map((page) => (
            <a
              key={page.name}
              href={`/${page.name}`}
              aria-current={page === shown ? "page" : undefined}
              onClick={followLink}
            >
              {say(page.title)}
            </a>
          ))}
      </nav>
      <div class={styles.right}>
        <HelpLink page={shown} who={who} />
        <Switches />
        {who.csrf === null ? (
          <span class={styles.who}>{who.name}</span>
        ) : (
          <a
            class={styles.who}
            href="/account"
            aria-current={shown?.name === "account" ? "page" : undefined}
            aria-label={say(TEXTS.ownAccount, { name: who.name })}
            onClick={followLink}
          >
            {who.name}
          </a>
        )}
        {who.csrf !== null && (
          <button type="button" data-plain onClick={() => void signOut()}>
            {say(TEXTS.signOut)}
          </button>
        )}
      </div>
    </header>
  );
}
