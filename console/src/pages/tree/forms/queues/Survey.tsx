import { useSpeaker } from "../../../../texts/language";
import styles from "../Forms.module.css";
import { Group, TextField, TextsField } from "../fields";
import type { Path } from "../value";
import { TEXTS } from "./texts";

const FILE = "hotline.yaml";

/** What a caller is asked after the talk. Further questions are in the file. */
export function Survey({ path }: { path: Path }) {
  const { say } = useSpeaker();
  return (
    <Group title={say(TEXTS.survey)}>
      <p class={styles.note}>{say(TEXTS.surveyHint)}</p>
      <TextsField file={FILE} path={[...path, "say"]} label={say(TEXTS.surveySay)} hint={say(TEXTS.surveySayHint)} />
      <div class={styles.beside}>
        <TextField file={FILE} path={[...path, "keys"]} label={say(TEXTS.surveyKeys)} placeholder="1-5" />
        <TextField file={FILE} path={[...path, "share"]} label={say(TEXTS.surveyShare)} placeholder="100%" />
        <TextField file={FILE} path={[...path, "once_in"]} label={say(TEXTS.surveyOnce)} placeholder="30d" />
      </div>
      <TextsField file={FILE} path={[...path, "thanks"]} label={say(TEXTS.surveyThanks)} />
    </Group>
  );
}
