import { useEffect, useRef, useState } from "preact/hooks";
import { arrived, drawn, frame, type Urgent } from "./pace";

/** The map as it is drawn: what is urgent at once, and each later frame brings it nearer to what came, within
 *  `pace.WITHIN`. A page that cannot be seen draws nothing. */
export function usePaced<T>(news: ReadonlyMap<string, T>, urgent: Urgent<T>): ReadonlyMap<string, T> {
  const pace = useRef(drawn(news));
  const newest = useRef(news);
  const asked = useRef(0);
  const [, redraw] = useState({});
  if (newest.current !== news) {
    newest.current = news;
    pace.current = arrived(pace.current, news, urgent, performance.now());
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
