/** One-letter keys, while no field has the focus and no input method is at work. */

import { useEffect, useRef } from "preact/hooks";

const FIELDS = "input, select, textarea, [contenteditable]";

/** `keys`: by the key's name in small letters. A key that is held down counts once. */
export function useHotkeys(keys: Readonly<Record<string, () => void>>): void {
  const now = useRef(keys);
  now.current = keys;
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.repeat || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
      if (event.target instanceof Element && event.target.matches(FIELDS)) return;
      const act = now.current[event.key.toLowerCase()];
      if (act === undefined) return;
      event.preventDefault();
      act();
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, []);
}
