import { useState } from "preact/hooks";
import { ask } from "../../../api/client";
import type { EmergencyNow } from "../../../api/schema";
import { Dialog } from "../../../frame/Dialog";
import { useSpeaker } from "../../../texts/language";
import { TEXTS } from "./texts";
import { UntilField } from "./UntilField";

interface EndProps {
  now: EmergencyNow;
  /** The place of the message; empty: that of all callers. */
  where: string;
  onDone: () => void;
}

/** Gives a message that is on another end. */
export function EndDialog({ now, where, onDone }: EndProps) {
  const { say } = useSpeaker();
  const [until, setUntil] = useState(`${now.hours}h`);
  const set = () =>
    ask("put", "/api/v1/emergency", {
      body: {
        ...(where ? { where } : {}),
        until,
        mode: "before",
        after: "goodbye",
        texts: {},
        recordings: {},
        draft: false,
      },
    });
  return (
    <Dialog title={say(TEXTS.endTitle)} action={say(TEXTS.set)} narrow onSubmit={set} onDone={onDone}>
      <UntilField now={now} until={until} onUntil={setUntil} />
    </Dialog>
  );
}
