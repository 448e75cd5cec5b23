import { useSpeaker } from "../../../texts/language";
import { ChoiceField, Group, TextsField } from "./fields";
import { useNamed } from "./names";
import { TEXTS } from "./texts";

const FILE = "hotline.yaml";

/** What callers hear first and last, whatever they press. */
export function Greeting() {
  const { say } = useSpeaker();
  const menus = useNamed("menus");
  return (
    <Group title={say(TEXTS.greeting)}>
      <TextsField file={FILE} path={["name"]} label={say(TEXTS.hotlineName)} />
      <TextsField file={FILE} path={["greeting"]} label={say(TEXTS.greetingText)} hint={say(TEXTS.greetingHint)} long />
      <TextsField file={FILE} path={["goodbye"]} label={say(TEXTS.goodbye)} hint={say(TEXTS.goodbyeHint)} long />
      <ChoiceField file={FILE} path={["entry"]} label={say(TEXTS.entry)} choices={menus} none={say(TEXTS.entryNone)} />
    </Group>
  );
}
