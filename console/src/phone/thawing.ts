/** Whether the page stood still: a browser freezes a page that nobody looks at, a computer sleeps. */

/** Milliseconds between two looks, and how late one may be. A page in the background looks once a minute at times: to take
 *  that for a standstill costs one question to Asterisk.
 */
const EVERY = 1_000;
const LATE = 3_000;

/** `thawed` is called once the page goes on. Answers how to stop. */
export function watchThaw(thawed: () => void): () => void {
  let looked = Date.now(); // a clock that goes on while the computer sleeps
  const look = () => {
    const late = Date.now() - looked > LATE;
    looked = Date.now();
    if (late) thawed();
  };
  const timer = setInterval(look, EVERY);
  document.addEventListener("resume", thawed); // of Chromium
  return () => {
    clearInterval(timer);
    document.removeEventListener("resume", thawed);
  };
}
