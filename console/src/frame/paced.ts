import { useEffect, useRef, useState } from "preact/hooks";
import { drawn, frame, tell, type Urgent } from "./pace";

/** The map as it is drawn: what is urgent at once, and each later frame brings it nearer to what was told, within
 *  `pace.WITHIN`. A page that cannot be seen draws nothing. */
export function usePaced<T>(told: ReadonlyMap<string, T>, urgent: Urgent<T>): ReadonlyMap<string, T> {
  const pace = useRef(drawn(told));
  const newest = useRef(told);
  const asked = useRef(0);
  const [, redraw] = useState({});
  if (newest.current !== told) {
    newest.current = told;
    pace.current = tell(pace.current, told, urgent, performance.now());
  }
  useEffect(() => {
    // An effect runs after the frame that was just drawn, so that this is the next one.
    if (asked.current !== 0 || pace.current.behind.length === 0) return;
    asked.current = requestAnimationFrame(() => {
      asked.current = 0;
      pace.current = frame(pace.current, newest.current, performance.now());
      redraw({});
    });
  });
  useEffect(() => () => cancelAnimationFrame(asked.current), []);
  return pace.current.drawn;
}
