import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { useStore } from "../../../frame/store";
import { theme } from "../../../frame/theme";
import { useSpeaker } from "../../../texts/language";
import { TEXTS } from "../texts";
import { drawing } from "./drawing";
import { STEP } from "./hands";
import styles from "./Picture.module.css";
import { type Stage, stage } from "./stage";

export interface PictureProps {
  /** As the service drew it. */
  readonly svg: string;
  readonly label: string;
  /** What readers of the screen hear of a place. */
  readonly name: (place: string) => string;
  readonly chosen: string | null;
  /** Where the caller of a walk is. */
  readonly here: string | null;
  readonly onChoose: (place: string) => void;
  readonly onOpen: (place: string) => void;
}

/** The tree as the service draws it, in a shadow root of its own. */
export function Picture({ svg, label, chosen, here, ...wishes }: PictureProps) {
  const { say } = useSpeaker();
  const look = useStore(theme);
  const host = useRef<HTMLDivElement>(null);
  const made = useRef<Stage | null>(null);
  const latest = useRef(wishes);
  latest.current = wishes;
  useLayoutEffect(() => {
    const element = host.current;
    if (element === null) return;
    const built = stage(element.shadowRoot ?? element.attachShadow({ mode: "open" }), element, {
      name: (place) => latest.current.name(place),
      onChoose: (place) => latest.current.onChoose(place),
      onOpen: (place) => latest.current.onOpen(place),
    });
    made.current = built;
    return () => built.destroy();
  }, []);
  useLayoutEffect(() => made.current?.theme(look), [look]);
  useLayoutEffect(() => made.current?.draw(drawing(svg)), [svg]);
  useEffect(() => made.current?.mark("chosen", chosen), [chosen]);
  useEffect(() => made.current?.mark("here", here), [here]);
  return (
    <div class={styles.picture}>
      <section
        class={styles.room}
        ref={host}
        aria-label={label}
        aria-description={say(TEXTS.pictureHint)}
        data-picture
      />
      <div class={styles.tools}>
        <button type="button" aria-label={say(TEXTS.larger)} onClick={() => made.current?.zoom(STEP)}>
          +
        </button>
        <button type="button" aria-label={say(TEXTS.smaller)} onClick={() => made.current?.zoom(1 / STEP)}>
          −
        </button>
        <button type="button" onClick={() => made.current?.fit()}>
          {say(TEXTS.fit)}
        </button>
      </div>
    </div>
  );
}
