import type { SessionOut } from "../api/schema";
import { useSpeaker } from "../texts/language";
import { helpFor } from "./guides";
import type { Page } from "./register";
import { TEXTS } from "./texts";

/** Leads to the guide in a tab of its own: a desk that is left is no telephone any more. */
export function HelpLink({ page, who }: { page: Page | null; who: SessionOut | null }) {
  const { say, language } = useSpeaker();
  return (
    <a href={helpFor(page, who, language)} target="_blank" rel="noreferrer">
      {say(TEXTS.help)}
    </a>
  );
}
