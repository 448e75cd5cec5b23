import { useEffect, useState } from "preact/hooks";
import { useSpeaker } from "../../../texts/language";
import { Problems } from "../editor/Problems";
import type { PlaceName, Spot } from "../model";
import { Tabs } from "../Tabs";
import type { Drafting } from "../useDraft";
import { Agents } from "./Agents";
import { Departments } from "./Departments";
import styles from "./Forms.module.css";
import { Greeting } from "./Greeting";
import { Hours } from "./Hours";
import { Holidays } from "./holidays/Holidays";
import { LastEdit } from "./LastEdit";
import { Menus } from "./Menus";
import { Codes } from "./queues/Codes";
import { Queues } from "./queues/Queues";
import { SkillNames } from "./SkillNames";
import { TEXTS } from "./texts";
import { FormsContext, useForms } from "./useForms";

const KINDS = [
  ["greeting", TEXTS.greeting],
  ["hours", TEXTS.hours],
  ["calendars", TEXTS.calendars],
  ["queues", TEXTS.queues],
  ["menus", TEXTS.menus],
  ["sub_hotlines", TEXTS.lines],
  ["agents", TEXTS.agents],
  ["skills", TEXTS.skills],
  ["codes", TEXTS.codes],
] as const;
type Kind = (typeof KINDS)[number][0];

interface FormsProps {
  readonly drafting: Drafting;
  /** What is chosen in the picture: its form is shown. */
  readonly chosen: PlaceName | null;
  readonly onSpot: (spot: Spot) => void;
}

/** The same files as in the editor, for those who write no YAML. */
export function Forms({ drafting, chosen, onSpot }: FormsProps) {
  const { say } = useSpeaker();
  const forms = useForms(drafting);
  const [kind, setKind] = useState<Kind>("greeting");
  const [names, setNames] = useState<Readonly<Partial<Record<Kind, string>>>>({});
  useEffect(() => {
    const [section, name = ""] = (chosen ?? "").split("/");
    if (section !== "menus" && section !== "queues" && section !== "sub_hotlines") return;
    setKind(section);
    setNames((all) => ({ ...all, [section]: name }));
  }, [chosen]);
  const given = {
    name: names[kind] ?? "",
    onName: (name: string) => setNames((all) => ({ ...all, [kind]: name })),
    onSpot,
  };
  const { undo, last, found, busy, refused } = forms;
  const there = found === null || forms.values["hotline.yaml"] !== null;
  return (
    <FormsContext.Provider value={forms}>
      <div class={styles.forms} data-busy={busy}>
        <div class={styles.head}>
          <Tabs
            label={say(TEXTS.forms)}
            tabs={KINDS.map(([each, title]) => [each, say(title)] as const)}
            shown={kind}
            panel="tree-form"
            onShow={setKind}
          />
          <button type="button" disabled={undo === null || busy} onClick={undo ?? undefined}>
            {say(TEXTS.undo)}
          </button>
        </div>
        <p class={styles.refused} role="alert">
          {refused}
        </p>
        <div
          id="tree-form"
          role="tabpanel"
          aria-label={say(Object.fromEntries(KINDS)[kind] ?? TEXTS.forms)}
          data-form={kind}
        >
          {!there && <p class={styles.refused}>{say(TEXTS.unreadable)}</p>}
          {found !== null && there && kind === "greeting" && <Greeting />}
          {found !== null && there && kind === "hours" && <Hours {...given} />}
          {found !== null && there && kind === "calendars" && <Holidays {...given} />}
          {found !== null && there && kind === "queues" && <Queues {...given} />}
          {found !== null && there && kind === "menus" && <Menus {...given} />}
          {found !== null && there && kind === "sub_hotlines" && <Departments {...given} />}
          {found !== null && there && kind === "agents" && <Agents {...given} />}
          {found !== null && there && kind === "skills" && <SkillNames {...given} />}
          {found !== null && there && kind === "codes" && <Codes {...given} />}
        </div>
        <LastEdit done={last} also={found?.also ?? []} />
        <Problems checked={{ found, error: null, busy }} onSpot={onSpot} />
      </div>
    </FormsContext.Provider>
  );
}
