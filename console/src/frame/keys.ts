/** One-letter keys. They hold only while no field has the focus and no dialog is open, and never with another key. A key
 *  that is held down counts once. They hold from the moment in which the buttons that show them are drawn.
 *
 *  Whoever types is not interrupted by what appears by itself, such as a call: a letter counts only after a pause, unless
 *  the person has left the field.
 */

import { useLayoutEffect } from "preact/hooks";

const FIELDS = "input, select, textarea, dialog, [contenteditable]";

/** Milliseconds without a key, after which a letter is no typing any more. */
const PAUSE = 1_000;

/** When the last letter was typed into a field, or went nowhere. */
let typed = -PAUSE;

export function useKeys(keys: Readonly<Record<string, () => void>>): void {
  useLayoutEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented)
        return;
      if (field(event) !== null) return;
      if (event.key.length === 1 && typed === event.timeStamp) return;
      const act = keys[event.key.toLowerCase()];
      if (act === undefined) return;
      event.preventDefault(); // else a field that opens gets the letter
      act();
    };
    addEventListener("keydown", note, { capture: true }); // once, however often
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, [keys]);
}

/** The field or dialog that gets the key. */
function field(event: KeyboardEvent): Element | null {
  const [at] = event.composedPath(); // within a shadow root, too
  return at instanceof Element ? at.closest(FIELDS) : null;
}

function note(event: KeyboardEvent): void {
  const at = field(event);
  const leaves = event.key === "Escape" || event.key === "Tab" || (event.key === "Enter" && at?.tagName !== "TEXTAREA");
  if (leaves) typed = -PAUSE;
  else if (at !== null || (event.key.length === 1 && event.timeStamp - typed < PAUSE)) typed = event.timeStamp;
}
