import type { SessionOut } from "../api/schema";
import { signOut } from "../session/session";
import { useSpeaker } from "../texts/language";
import styles from "./Header.module.css";
import { HelpLink } from "./HelpLink";
import { followLink } from "./place";
import { type Page, pagesOf } from "./register";
import { Switches } from "./Switches";
import { TEXTS } from "./texts";

/** The bar above every page: the pages, the person, language and appearance. */
export function Header({ who, shown }: { who: SessionOut; shown: Page | null }) {
  const { say } = useSpeaker();
  return (
    <header class={styles.header}>
      <span class={styles.name}>{say(TEXTS.wutong)}</span>
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
