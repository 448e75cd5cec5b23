import { useState } from "preact/hooks";
import type { SessionOut } from "../../api/schema";
import { failure } from "../../frame/failure";
import { useStore } from "../../frame/store";
import { has, session } from "../../session/session";
import { useSpeaker } from "../../texts/language";
import { useInUse } from "./inUse";
import { LeftSide } from "./LeftSide";
import type { PlaceName } from "./model";
import styles from "./Tree.module.css";
import { TEXTS } from "./texts";
import { Workbench } from "./Workbench";

/** The menu tree of the hotline: live, and as a draft that can become the next version. */
export default function Tree() {
  const now = useStore(session);
  return now.kind === "signed-in" ? <TreeOf who={now.who} /> : null;
}

function TreeOf({ who }: { who: SessionOut }) {
  const speaker = useSpeaker();
  // An account that is limited to a part of the hotline reads no files: they have all of it.
  const whole = who.queues.length + who.departments.length === 0;
  const reads = whole && has(who, "administrator", "supervisor");
  const { inUse, error, again } = useInUse(reads);
  return (
    <main class={styles.page}>
      <div class={styles.whole}>
        {error !== null && (
          <p class={styles.refused} role="alert">
            {failure(error, speaker)}
          </p>
        )}
        {inUse === null ? (
          !reads && <Alone />
        ) : (
          <Workbench person={who.name} inUse={inUse} readOnly={!has(who, "administrator")} onPublished={again} />
        )}
      </div>
    </main>
  );
}

/** The picture for those who may not read the files. */
function Alone() {
  const { say } = useSpeaker();
  const [chosen, setChosen] = useState<PlaceName | null>(null);
  return (
    <>
      <div class={styles.head}>
        <h1>{say(TEXTS.title)}</h1>
        <span class={styles.quiet}>{say(TEXTS.noFiles)}</span>
      </div>
      <div class={styles.sides} data-alone="true">
        <LeftSide
          draft={null}
          edited={false}
          against={null}
          chosen={chosen}
          here={null}
          onChoose={setChosen}
          onOpen={null}
        />
      </div>
    </>
  );
}
