/** Work that is asked for often and done seldom. */

export interface Paced {
  /** At once, or when the pause since the last time is over; never twice at a time. */
  ask(): void;
  stop(): void;
}

/** `pause`: milliseconds from the end of the work to the next time. */
export function paced(work: () => Promise<void>, pause: number): Paced {
  let state: "free" | "busy" | "stopped" = "free";
  let again = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const ask = () => {
    if (state !== "free") {
      again = true;
      return;
    }
    state = "busy";
    again = false;
    void work().finally(() => {
      if (state === "stopped") return;
      timer = setTimeout(() => {
        state = "free";
        if (again) ask();
      }, pause);
    });
  };
  const stop = () => {
    state = "stopped";
    clearTimeout(timer);
  };
  return { ask, stop };
}
