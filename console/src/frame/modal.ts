import { useLayoutEffect, useRef } from "preact/hooks";

/**
 * A dialog in front of the page. `onDone` is called once, in the moment the dialog closes: the browser reports it only
 * later, and what the user did meanwhile (he opened the next one) would be undone then.
 */
export function useModal(onDone: () => void) {
  const ref = useRef<HTMLDialogElement>(null);
  const over = useRef(false);
  useLayoutEffect(() => ref.current?.showModal(), []); // the next key is for the dialog already
  const close = () => {
    if (over.current) return;
    over.current = true;
    ref.current?.close();
    onDone();
  };
  const onCancel = (event: Event) => {
    if (event.target === event.currentTarget) close(); // Escape; a choice of files in the dialog may be cancelled, too
  };
  return { close, attributes: { ref, onCancel, onClose: close } };
}
