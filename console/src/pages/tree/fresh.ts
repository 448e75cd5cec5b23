/** Work that is done again and again, but only while somebody looks at the page. */

/** Does it now, and `every` milliseconds after it was done last. A hidden page waits until it is looked at. Returns what
 *  stops it. */
export function fresh(work: (signal: AbortSignal) => Promise<void>, every: number): () => void {
  const cut = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let due = 0;
  let busy = false;
  const look = async () => {
    clearTimeout(timer);
    if (busy || document.hidden) return;
    const wait = due - Date.now();
    if (wait > 0) {
      timer = setTimeout(() => void look(), wait);
      return;
    }
    busy = true;
    await work(cut.signal).finally(() => {
      busy = false;
      due = Date.now() + every;
    });
    if (!cut.signal.aborted) void look();
  };
  document.addEventListener("visibilitychange", look, { signal: cut.signal });
  void look();
  return () => {
    clearTimeout(timer);
    cut.abort();
  };
}
