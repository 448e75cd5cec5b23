/** The emergency message that callers hear now. Every page looks at it again and again; that keeps nobody signed in. */

import { useEffect } from "preact/hooks";
import { ask } from "../api/client";
import type { EmergencyNow } from "../api/schema";
import { store } from "./store";

/** Milliseconds between two looks. */
const EVERY = 15_000;

/** null: not known yet. What was seen last stays while the service does not answer. */
export const emergency = store<EmergencyNow | null>(null);

export async function lookAtEmergency(signal?: AbortSignal): Promise<void> {
  try {
    const now = await ask("get", "/api/v1/emergency", {}, signal);
    if (JSON.stringify(now) !== JSON.stringify(emergency.get())) emergency.set(now);
  } catch {
    // the page says by itself that the service does not answer, or that nobody is signed in
  }
}

/** Look as long as the component is there. */
export function useEmergencyWatch(): void {
  useEffect(() => {
    const cut = new AbortController();
    const look = () => void lookAtEmergency(cut.signal);
    look();
    const timer = setInterval(look, EVERY);
    return () => {
      clearInterval(timer);
      cut.abort();
    };
  }, []);
}
