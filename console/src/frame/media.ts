/** What the window is like, as a media query says it. */

import { useEffect, useState } from "preact/hooks";

/** Whether the query holds now; the component is drawn again when that changes. */
export function useMedia(query: string): boolean {
  const [holds, setHolds] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const asked = matchMedia(query);
    const follow = () => setHolds(asked.matches);
    asked.addEventListener("change", follow);
    follow();
    return () => asked.removeEventListener("change", follow);
  }, [query]);
  return holds;
}
