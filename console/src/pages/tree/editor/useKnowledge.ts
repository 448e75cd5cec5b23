import type { RefObject } from "preact";
import { useCallback, useRef } from "preact/hooks";
import { useSpeaker } from "../../../texts/language";
import type { Draft, FileName } from "../model";
import { TEXTS } from "../texts";
import type { Knowledge } from "./help";
import { type Names, namesOf } from "./names";
import type { Schema } from "./schema";
import { parse } from "./yaml";

interface Sources {
  readonly current: () => Draft;
  readonly schemas: Readonly<Record<string, Schema>> | null;
}

/** What the editor knows of a file when it is asked. The names are read anew for another text only. */
export function useKnowledge(latest: RefObject<Sources>): (file: FileName) => Knowledge {
  const { say } = useSpeaker();
  const kept = useRef<{ files: Draft["files"]; names: Names } | null>(null);
  return useCallback(
    (file) => {
      const files = latest.current?.current().files ?? {};
      if (kept.current?.files !== files) {
        const names = namesOf(parse(files["hotline.yaml"] ?? ""), parse(files["agents.yaml"] ?? ""));
        kept.current = { files, names };
      }
      return {
        schema: latest.current?.schemas?.[file] ?? null,
        names: kept.current.names,
        usual: (value) => say(TEXTS.usual, { value }),
      };
    },
    [latest, say],
  );
}
