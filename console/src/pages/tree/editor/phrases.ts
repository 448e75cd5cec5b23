import type { Text } from "../../../texts/texts";
import { TEXTS } from "../texts";

/** CodeMirror's own words in the language of the page. */
export function phrases(say: (text: Text) => string): Readonly<Record<string, string>> {
  return {
    Find: say(TEXTS.cmFind),
    Replace: say(TEXTS.cmReplace),
    replace: say(TEXTS.cmReplaceOne),
    "replace all": say(TEXTS.cmReplaceAll),
    next: say(TEXTS.cmNext),
    previous: say(TEXTS.cmPrevious),
    all: say(TEXTS.cmAll),
    "match case": say(TEXTS.cmCase),
    regexp: say(TEXTS.cmRegexp),
    "by word": say(TEXTS.cmWord),
    close: say(TEXTS.cmClose),
    Completions: say(TEXTS.cmCompletions),
    Diagnostics: say(TEXTS.cmDiagnostics),
    "No diagnostics": say(TEXTS.cmNoDiagnostics),
    "Go to line": say(TEXTS.cmGoTo),
    go: say(TEXTS.cmGo),
    "Fold line": say(TEXTS.cmFold),
    "Unfold line": say(TEXTS.cmUnfold),
    "folded code": say(TEXTS.cmFolded),
  };
}
