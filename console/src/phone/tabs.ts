/** One tab of a browser is the phone: the newest, unless another one talks. The browser itself keeps who it is (Web Locks),
 *  and forgets a tab that is gone. */

const PHONE = "wutong-phone";
const TALK = "wutong-talk";

let mine = false;

/** Become the phone. null: another tab talks, and stays it. Else whether this one took the place of another.
 *  `lost`: called when a newer tab has become the phone.
 */
export async function take(lost: () => void): Promise<{ from: "nobody" | "another" } | null> {
  const { held = [] } = await navigator.locks.query();
  if (held.some(({ name }) => name === TALK)) return null;
  if (mine) return { from: "nobody" };
  mine = true;
  // Held until it is stolen: this is the only end of the wait.
  navigator.locks
    .request(PHONE, { steal: true }, () => new Promise(() => {}))
    .catch(() => {
      mine = false;
      lost();
    });
  return { from: held.some(({ name }) => name === PHONE) ? "another" : "nobody" };
}

/** While this tab talks, no other tab becomes the phone. Answers how to say that the talk is over. */
export function talk(): () => void {
  let over: () => void = () => {};
  const end = new Promise<void>((resolve) => {
    over = resolve;
  });
  void navigator.locks.request(TALK, () => end);
  return () => over();
}
