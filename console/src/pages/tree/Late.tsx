import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { TEXTS as FRAME } from "../../frame/texts";
import { useSpeaker } from "../../texts/language";

interface LateProps<T> {
  readonly load: () => Promise<ComponentType<T>>;
  readonly given: T;
}

/** A part of the page whose code is fetched when it is first shown. */
export function Late<T extends object>({ load, given }: LateProps<T>) {
  const { say } = useSpeaker();
  const [Part, setPart] = useState<ComponentType<T> | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    load().then(
      (found) => setPart(() => found),
      () => setFailed(true),
    );
  }, [load]);
  if (failed) return <p role="alert">{say(FRAME.pageFailed)}</p>;
  return Part === null ? <p role="status">{say(FRAME.loading)}</p> : <Part {...given} />;
}
