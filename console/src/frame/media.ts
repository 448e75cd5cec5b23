/** What the window is like, as a media query says it. */

import { useEffect, useState } from "preact/hooks";

/** Whether the query holds now; the component is drawn again when that changes. */
export function useMedia(query: string): boolean {
  const [holds, setHolds] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const asked = matchMedia(query);
    const told = () => setHolds(asked.matches);
    asked.addEventListener("change", told);
    told();
    return () => asked.removeEventListener("change", told);
  }, [query]);
  return holds;
}
