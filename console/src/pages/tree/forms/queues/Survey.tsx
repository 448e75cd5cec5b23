import { useSpeaker } from "../../../../texts/language";
import styles from "../Forms.module.css";
import { Group, TextField, TextsField } from "../fields";
import type { Path } from "../value";
import { TEXTS } from "./texts";

const FILE = "hotline.yaml";

/** What the fields say if they are left out. */
const EXAMPLE = { keys: "1-5", share: "100%", once: "30d" };

/** What a caller is asked after the talk. Further questions are in the file. */
export function Survey({ path }: { path: Path }) {
  const { say } = useSpeaker();
  return (
    <Group title={say(TEXTS.survey)}>
      <p class={styles.note}>{say(TEXTS.surveyHint)}</p>
      <TextsField file={FILE} path={[...path, "say"]} label={say(TEXTS.surveySay)} hint={say(TEXTS.surveySayHint)} />
      <div class={styles.beside}>
        <TextField file={FILE} path={[...path, "keys"]} label={say(TEXTS.surveyKeys)} placeholder={EXAMPLE.keys} />
        <TextField file={FILE} path={[...path, "share"]} label={say(TEXTS.surveyShare)} placeholder={EXAMPLE.share} />
        <TextField file={FILE} path={[...path, "once_in"]} label={say(TEXTS.surveyOnce)} placeholder={EXAMPLE.once} />
      </div>
      <TextField file={FILE} path={[...path, "message"]} label={say(TEXTS.surveyMessage)} />
      <TextsField file={FILE} path={[...path, "thanks"]} label={say(TEXTS.surveyThanks)} />
    </Group>
  );
}
