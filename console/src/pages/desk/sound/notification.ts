/** The desktop notification of an offer, for an agent who looks at another window. It has no number of a caller: a system
 *  keeps notifications in a list, shows them on a locked screen, and may send them to other devices of that person.
 */

import { useEffect, useState } from "preact/hooks";
import { store } from "../../../frame/store";
import type { Phone } from "../../../phone/model";
import { useSpeaker } from "../../../texts/language";
import { TEXTS } from "./texts";

export type Permission = NotificationPermission | "unsupported";

/** Milliseconds after which a call that rings is no queue's, such as a colleague's: the board would have named the queue. */
const NAMED = 1_000;

export const permission = store<Permission>(now());

/** Ask the agent, by the browser. After a click only: asked at once, people refuse it for good. */
export async function allow(): Promise<void> {
  await Notification.requestPermission();
  permission.set(now());
}

function now(): Permission {
  return typeof Notification === "function" ? Notification.permission : "unsupported";
}

/** Show the call that rings, as long as it does: in the tab's title too. `queue`: its name; null: not known yet, or none. */
export function useNotification({ call }: Phone, queue: string | null): void {
  const { say } = useSpeaker();
  const ringing = call?.stage === "ringing" ? call.id : null;
  const [unnamed, setUnnamed] = useState<string | null>(null);
  useEffect(() => {
    if (ringing === null || queue !== null) return;
    const timer = setTimeout(() => setUnnamed(ringing), NAMED);
    return () => clearTimeout(timer);
  }, [ringing, queue]);
  const none = unnamed === ringing ? say(TEXTS.offerOfNone) : null;
  const offer = queue === null ? none : say(TEXTS.offer, { queue });
  useEffect(() => {
    if (ringing === null || offer === null) return;
    let shown: Notification | null = null;
    const show = () => {
      if (shown === null) shown = notify(offer, say(TEXTS.offerHint));
    };
    const hide = () => shown?.close();
    const title = document.title;
    document.title = offer;
    if (!document.hasFocus()) show();
    addEventListener("blur", show);
    addEventListener("focus", hide);
    return () => {
      removeEventListener("blur", show);
      removeEventListener("focus", hide);
      hide();
      document.title = title;
    };
  }, [ringing, offer, say]);
}

function notify(title: string, body: string): Notification | null {
  if (now() !== "granted") return null;
  try {
    // It rings by itself. One offer at a time: the next takes the place of the last.
    const made = new Notification(title, { body, tag: "wutong-offer", requireInteraction: true, silent: true });
    made.onclick = () => {
      window.focus();
      made.close();
    };
    return made;
  } catch {
    return null; // Chromium on Android wants a service worker
  }
}
