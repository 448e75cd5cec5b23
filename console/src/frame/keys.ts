/** One-letter keys. They hold only while no field has the focus and no dialog is open, and never with another key. A key
 *  that is held down counts once. They hold from the moment in which the buttons that show them are drawn.
 */

import { useLayoutEffect } from "preact/hooks";

const FIELDS = "input, select, textarea, dialog, [contenteditable]";

export function useKeys(keys: Readonly<Record<string, () => void>>): void {
  useLayoutEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented)
        return;
      const [at] = event.composedPath(); // within a shadow root, too
      if (at instanceof Element && at.closest(FIELDS)) return;
      const act = keys[event.key.toLowerCase()];
      if (act === undefined) return;
      event.preventDefault(); // else a field that opens gets the letter
      act();
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, [keys]);
}
